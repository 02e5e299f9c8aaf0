using CsCheck;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.BootChanges;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>Any sequence of changes, reversals, foreign edits and crashes: revert gives back what was there before the latest change.</summary>
public sealed class BootHistoryTests
{
    private static readonly string[] Pool =
    [
        "intel_iommu=on", "iommu=pt", "iommu=off", "x=1", "x=2", "console=ttyS1", "vfio-pci.ids=8086:10d3", "-x", "-quiet", "-iommu=pt", "-nothing", "-root=none",
    ];

    private static readonly string[] Kinds = [.. Distributions.Names.Where(name => !Distributions.Refused.ContainsKey(name) && name != "silverblue")];

    private enum Step
    {
        Apply,
        Revert,
        ForeignEdit,
        CrashedApply,
        FailedApply,
        CrashedRevert,
    }

    /// <summary>PASSTHROUGH_HISTORIES asks for more sequences than CI does.</summary>
    [Fact]
    public void Revert_is_the_identity_after_any_history()
    {
        Gen<(Step, string[], int)> step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, Pool.Length - 1].Array[1, 3], Gen.Int[1, 12],
            (kind, words, at) => ((Step)kind, words.Select(w => Pool[w]).Distinct().ToArray(), at));
        Gen.Select(Gen.Int[0, Kinds.Length - 1], step.Array[2, 8]).Sample((kind, steps) =>
        {
            using var tree = Distributions.Make(Kinds[kind]);
            var model = new History(tree);
            foreach ((var what, var words, var at) in steps)
            {
                model.Take(what, words, at);
            }

            model.RevertAll();
        }, iter: int.TryParse(Environment.GetEnvironmentVariable("PASSTHROUGH_HISTORIES"), out var asked) ? asked : 40, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void A_second_change_that_changes_nothing_leaves_no_record(string kind)
    {
        using var tree = Distributions.Make(kind);
        var before = tree.Everything();
        tree.Plan("x=1").Apply();
        tree.Plan("x=1").Apply();
        tree.Plan("x=1").Apply();
        tree.Revert();
        Assert.Equal(before, tree.Everything());
        Assert.Null(tree.Revert());
    }

    public static TheoryData<string> Every => [.. Distributions.Names.Where(name => !Distributions.Refused.ContainsKey(name))];

    [Fact]
    public void Without_readable_entries_nothing_is_taken_out_of_them_that_stood_there_before()
    {
        using var tree = new BootTree().With("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\nGRUB_ENABLE_BLSCFG=true\n");
        var before = tree.Everything();
        Assert.Equal("grubby --update-kernel=ALL --args=x=1", Assert.Single(tree.Plan("x=1").Apply()!.CommandsLeft).ToString());
        Assert.Empty(tree.Plan("x=1").Apply()!.Files);
        Assert.Empty(tree.Revert()!.CommandsLeft);
        Assert.Equal(before, tree.Everything());
        Assert.Null(tree.Revert());
    }

    [Fact]
    public void Directories_that_a_change_made_go_with_it_and_others_stay()
    {
        using var tree = new BootTree().With("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n");
        var change = new BootChange { LoadModules = ["vfio-pci"], EarlyBinding = new VfioEarlyBinding(["10de:1b80"], ["nouveau"]) };
        tree.Plan(change).Apply();
        Assert.True(Directory.Exists(tree.Root + "/etc/modules-load.d"));
        tree.With("/etc/modprobe.d/mine.conf", "# mine\n");
        tree.Revert();
        Assert.False(Directory.Exists(tree.Root + "/etc/modules-load.d"));
        Assert.Equal("# mine\n", tree["/etc/modprobe.d/mine.conf"]);
    }

    private sealed class CrashException : Exception;

    // A program that has ended writes no more, not even to take something back.
    private static Action<string> Crash(int at)
    {
        var write = 0;
        return _ =>
        {
            if (++write >= at)
            {
                throw new CrashException();
            }
        };
    }

    private static bool Ends(Action change)
    {
        try
        {
            change();
            return false;
        }
        catch (PlanFailedException e) when (e.InnerException is CrashException)
        {
            return true;
        }
    }

    /// <summary>The tree, and what it was before each change that is not undone yet.</summary>
    private sealed class History(BootTree tree)
    {
        private readonly Stack<(Snapshot Before, string[] Files)> _changes = [];

        public void Take(Step what, string[] words, int at)
        {
            switch (what)
            {
                case Step.Apply:
                    Apply(words);
                    break;
                case Step.Revert:
                    Revert();
                    break;
                case Step.ForeignEdit:
                    ForeignEdit(at);
                    break;
                case Step.CrashedApply:
                    Crashed(words, at);
                    break;
                case Step.FailedApply:
                    Failed(words, at);
                    break;
                default:
                    CrashedRevert(at);
                    break;
            }
        }

        public void RevertAll()
        {
            while (_changes.Count > 0)
            {
                Revert();
            }

            var before = Snapshot.Of(tree);
            Assert.Null(tree.Revert());
            before.AssertIs(tree);
        }

        private void Apply(string[] words)
        {
            var before = Snapshot.Of(tree);
            var plan = tree.Plan(words);
            plan.Apply();
            Push(plan, before);
        }

        private void Revert()
        {
            if (!_changes.TryPop(out var change))
            {
                var before = Snapshot.Of(tree);
                Assert.Null(tree.Revert());
                before.AssertIs(tree);
                return;
            }

            Assert.NotNull(tree.Revert());
            change.Before.AssertIs(tree);
        }

        private void ForeignEdit(int at)
        {
            if (!_changes.TryPeek(out var change))
            {
                return;
            }

            var path = change.Files[at % change.Files.Length];
            var content = tree[path];
            tree[path] = content + "# somebody else's\n";
            var before = Snapshot.Of(tree);
            Assert.Equal(path, Assert.Throws<BootConflictException>(() => tree.Revert()).Path);
            before.AssertIs(tree);
            tree[path] = content;
        }

        private void Failed(string[] words, int at)
        {
            var before = Snapshot.Of(tree);
            var write = 0;
            var plan = tree.PlanWatched(words, _ =>
            {
                if (++write == at)
                {
                    throw new BootException("the disk is full");
                }
            });
            try
            {
                plan.Apply();
                Push(plan, before);
            }
            catch (PlanFailedException e)
            {
                Assert.Empty(e.NotUndone);
                Assert.Empty(tree.Journal);
                before.AssertIs(tree);
            }
        }

        private void Crashed(string[] words, int at)
        {
            var before = Snapshot.Of(tree);
            var plan = tree.PlanWatched(words, Crash(at));
            if (!Ends(() => plan.Apply()))
            {
                Push(plan, before);
                return;
            }

            // Each file is old or new; undoing gives the old ones, or the change before where none was written.
            if (before.HasSameFiles(tree))
            {
                Revert();
                return;
            }

            // Nothing else begins on it before.
            Assert.True(tree.Plan(words).IsRefused);
            tree.Revert();
            Assert.Empty(tree.Journal);
            before.AssertIs(tree);
        }

        private void CrashedRevert(int at)
        {
            if (_changes.Count == 0)
            {
                return;
            }

            if (Ends(() => tree.RevertWatched(Crash(at))))
            {
                Revert();
            }
            else
            {
                _changes.Pop().Before.AssertIs(tree);
            }
        }

        private void Push(BootPlan plan, Snapshot before)
        {
            if (!plan.Files.IsEmpty)
            {
                _changes.Push((before, [.. plan.Files.Select(f => f.Path)]));
            }
        }
    }

    /// <summary>Files with mode and content, and directories.</summary>
    private sealed record Snapshot(SortedDictionary<string, string> Files, string[] Directories)
    {
        public static Snapshot Of(BootTree tree) => new(tree.Everything(),
            [.. System.IO.Directory.EnumerateDirectories(tree.Root, "*", SearchOption.AllDirectories).Select(d => d[tree.Root.Length..])
                .Where(d => !d.StartsWith("/var", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);

        public bool HasSameFiles(BootTree tree) => Files.SequenceEqual(tree.Everything());

        public void AssertIs(BootTree tree)
        {
            var now = Of(tree);
            Assert.Equal(Files, now.Files);
            Assert.Equal(Directories, now.Directories);
        }
    }
}
