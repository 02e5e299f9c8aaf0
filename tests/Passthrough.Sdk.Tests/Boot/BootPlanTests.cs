using System.Collections.Immutable;
using System.IO.Abstractions.TestingHelpers;
using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.BootChanges;
using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>A change of the boot configuration is a plan like any other: steps, journal, undo, recovery.</summary>
public sealed class BootPlanTests
{
    private const string Grub = "/etc/default/grub";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_plan_has_a_step_for_each_file_and_each_command()
    {
        using var tree = Distributions.Make("debian");
        var plan = tree.Plan("intel_iommu=on", "-quiet");

        Assert.Equal((PlanKind.Boot, "change the boot configuration (add intel_iommu=on, remove quiet)", false), (plan.Kind, plan.Purpose, plan.IsRefused));
        Assert.Equal([(1, PlanStepKind.EditBootFile, $"change {Grub}"), (2, PlanStepKind.RunBootCommand, "not run here: run update-grub on that host: makes the menu anew")],
            plan.Steps.Select(step => (step.Number, step.Kind, step.Description.Replace(plan.Commands[0].Reason, "makes the menu anew", StringComparison.Ordinal))));
        Assert.Equal([$"patch -d {tree.Root} -p1 < CHANGE.diff", "update-grub"], plan.Steps.Select(step => step.Command));
        Assert.All(plan.Steps, step => Assert.Null(step.Device));

        plan.Apply();
        var back = PassthroughHost.At(tree.Root).PlanBootRevert();
        Assert.Equal(PlanKind.RevertBoot, back.Kind);
        Assert.Equal($"restore the previous content of {Grub}", back.Steps[0].Description);
        Assert.StartsWith($"cp {tree.Root}/var/lib/passthrough/journal/boot/", back.Steps[0].Command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_gives_the_files_back_before_the_commands_that_follow_it_run()
    {
        using var tree = Distributions.Make("debian");
        var before = tree.Everything();
        var plan = Local(tree, "intel_iommu=on", new("sh", ["-c", "echo broken >&2; exit 3"], "fails"), new("cp", [tree.Root + Grub, tree.Root + "/seen"], "undoes"));

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Contains("exit code 3: broken", Assert.IsType<BootCommandException>(failure.InnerException).Message, StringComparison.Ordinal);
        Assert.Empty(failure.NotUndone);
        Assert.Empty(tree.Journal);
        Assert.Equal(tree[Grub], tree["/seen"]);
        File.Delete(tree.Root + "/seen");
        Assert.Equal(before, tree.Everything());
        Assert.Null(tree.Revert());
    }

    [Fact]
    public async Task A_program_that_is_not_there_leaves_nothing_to_undo_but_the_files()
    {
        using var tree = Distributions.Make("debian");
        var before = tree.Everything();
        var plan = Local(tree, "intel_iommu=on", new("/nowhere/update-grub", [], "is not there"), new("/nowhere/update-grub", [], "is not there"));

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Empty(failure.NotUndone);
        Assert.Equal(before, tree.Everything());
        Assert.Empty(tree.Journal);
    }

    [Fact]
    public async Task An_undo_that_fails_keeps_the_entry_and_nothing_else_begins()
    {
        using var tree = Distributions.Make("debian");
        var plan = Local(tree, "intel_iommu=on", new("false", [], "fails"), new("false", [], "fails, too"));

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Equal(PlanStepKind.RunBootCommand, Assert.Single(failure.NotUndone).Step.Kind);
        Assert.Single(tree.Journal);
        var next = tree.Plan("iommu=pt");
        Assert.True(next.IsRefused);
        Assert.Equal(FindingIds.PlanUnfinished, Assert.Single(next.Findings).Id);
        Assert.Throws<PlanRefusedException>(() => next.Apply());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Recovery_takes_back_a_change_and_ends_a_way_back_whose_program_was_killed(int at)
    {
        using var fake = FakeHost.Create().WriteFile(Grub, "GRUB_CMDLINE_LINUX=\"quiet\"\n").WriteFile("/boot/grub/grub.cfg", "linux /vmlinuz quiet\n");
        var host = (PassthroughHost)fake.Open();
        var change = new BootChange { Add = [BootParameter.Parse("intel_iommu=on")], LoadModules = ["vfio-pci"] };
        string Now() => File.ReadAllText(fake.PathOf(Grub)) + File.Exists(fake.PathOf("/etc/modules-load.d/passthrough.conf"));
        var before = Now();

        if (await IsKilled(host.PlanBootWatched(change, null, Kill(at))))
        {
            Assert.All(await host.RecoverAsync(_ => throw new InvalidOperationException("no libvirt is needed"), cancellationToken: Token), plan => Assert.True(plan.IsComplete, plan.ToString()));
            Assert.Equal(before, Now());
            Assert.Empty(await host.RecoverAsync(_ => throw new InvalidOperationException("no libvirt is needed"), cancellationToken: Token));
            await host.PlanBoot(change).ApplyAsync(cancellationToken: Token);
        }

        var after = Now();
        Assert.NotEqual(before, after);
        if (await IsKilled(host.PlanBootRevertWatched(null, Kill(at))))
        {
            var recovered = await host.RecoverAsync(_ => throw new InvalidOperationException("no libvirt is needed"), cancellationToken: Token);
            Assert.All(recovered, plan => Assert.Equal((PlanKind.RevertBoot, true), (plan.Kind, plan.IsComplete)));
            if (recovered.IsEmpty)
            {
                // It was killed before its first write.
                Assert.Equal(after, Now());
                await host.PlanBootRevert().ApplyAsync(cancellationToken: Token);
            }
        }

        Assert.Equal(before, Now());
        Assert.True(host.PlanBootRevert().IsEmpty);
    }

    [Fact]
    public void A_host_that_is_only_read_and_this_machine_by_another_name_are_not_changed()
    {
        var change = BootTree.Change("intel_iommu=on");
        Assert.Throws<HostNotLocalException>(() => PassthroughHost.Over(new MockFileSystem()).PlanBoot(change));
        Assert.Throws<HostNotLocalException>(() => PassthroughHost.At("/").PlanBoot(change));
        Assert.Throws<HostNotLocalException>(() => PassthroughHost.At("/").PlanBootRevert());
        using var tree = new BootTree().Link("/machine", "/");
        Assert.Throws<HostNotLocalException>(() => PassthroughHost.At(tree.Root + "/machine").PlanBoot(change));
    }

    [Fact]
    public void The_journal_of_a_directory_stays_in_it_whatever_its_links_say()
    {
        using var outside = new BootTree();
        using var tree = Distributions.Make("debian");
        Directory.CreateDirectory(tree.Root + "/srv");
        tree.Link("/var", "/srv");
        tree.Plan("intel_iommu=on").Apply();
        Assert.True(Directory.Exists(tree.Root + "/srv/lib/passthrough/journal/boot"));
        Assert.NotNull(tree.Revert());
        Assert.Empty(outside.Everything());
    }

    [Fact]
    public async Task A_captured_or_a_fake_host_tells_its_boot_configuration()
    {
        using var fake = FakeHost.Create().WriteFile(Grub, "GRUB_CMDLINE_LINUX=\"quiet\"\n").WriteFile("/boot/grub/grub.cfg", "linux /vmlinuz quiet\n");
        Assert.Equal(("quiet", BootLoaderKind.Grub), (fake.Open().ReadBootConfiguration().Configured.Value, fake.Open().ReadBootConfiguration().Loader));
        var plan = fake.Open().PlanBoot(BootTree.Change("iommu=pt"));
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal(plan.Commands, plan.CommandsLeft);
        Assert.Equal("quiet iommu=pt", fake.Open().ReadBootConfiguration().Configured.Value);
    }

    private static Action<string> Kill(int at)
    {
        var write = 0;
        return _ =>
        {
            if (++write >= at)
            {
                throw new KilledException();
            }
        };
    }

    private static async Task<bool> IsKilled(BootPlan plan)
    {
        try
        {
            await plan.ApplyAsync(cancellationToken: Token);
            return false;
        }
        catch (PlanFailedException e) when (e.InnerException is KilledException)
        {
            return true;
        }
    }

    // The plan of a local host, whose commands run on this machine: harmless ones here.
    private static BootPlan Local(BootTree tree, string add, BootCommand command, BootCommand undo)
    {
        var files = BootFiles.Open(tree.Root);
        var options = new PlanOptions { JournalDirectory = tree.Root + "/var/lib/passthrough/journal" };
        var draft = BootConfiguration.Of(files).Draft(BootTree.Change(add)) with { Commands = [command], UndoCommands = [undo] };
        return new(PlanKind.Boot, "change it", draft, leavesCommands: false, BootPlanner.StepsOf(draft, files, isLeft: false), [], [], (plan, progress, token) =>
            new PlanEngine(options, TimeProvider.System, NullLogger.Instance).ApplyAsync(
                plan,
                new BootWork(plan, files, new BootHistory(options.JournalDirectory, files), null, () => [], new HostMarks(new TreeSysfs()), options, TimeProvider.System, NullLogger.Instance),
                progress,
                token));
    }

    private sealed class KilledException : Exception;
}
