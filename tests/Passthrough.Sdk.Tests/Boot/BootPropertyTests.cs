using CsCheck;
using Passthrough.Sdk.Boot;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>What must hold for every change on every distribution's files, generated ones included.</summary>
public sealed class BootPropertyTests
{
    private static readonly string[] Pool = ["intel_iommu=on", "iommu=pt", "vfio-pci.ids=8086:10d3,10de:1b80", "console=ttyS1", "nosmt", "pci=noats", "-quiet", "-console", "-nothing", "-root=none"];

    [Fact]
    public void Apply_then_revert_is_the_identity_and_apply_twice_is_apply_once() =>
        Gen.Select(Trees, Pick(Pool).Array[1, 4], Gen.Int[0, 2]).Sample((make, change, kind) =>
        {
            using var tree = make();
            Dress(tree, kind);
            // A name is to come or to go: both would put it behind the others each time.
            string[] words = [.. change.DistinctBy(w => w.TrimStart('-').Split('=')[0])];
            var before = tree.Everything();
            var parametersBefore = Parameters(tree);
            var plan = tree.Plan(words);
            plan.Apply();
            var after = tree.Everything();

            // Only what the plan named is different, in content alone: mode, owner and links stay.
            foreach ((var path, var was) in before)
            {
                if (was != after[path])
                {
                    Assert.Equal(was.Split(' ')[0], after[path].Split(' ')[0]);
                }
            }

            // No other parameter came, went or moved.
            string[] touched = [.. words.Select(w => w.TrimStart('-').Split('=')[0])];
            Assert.Equal(parametersBefore.Where(Other), Parameters(tree).Where(Other));
            Assert.All(words.Where(w => w[0] != '-'), w => Assert.Contains(w, Parameters(tree)));

            Assert.Empty(tree.Plan(words).Files);
            if (!plan.Files.IsEmpty)
            {
                tree.Revert();
            }

            Assert.Equal(before, tree.Everything());

            bool Other(string parameter) => !touched.Any(name => BootParameter.Parse(parameter).IsNamed(name));
        }, iter: 120, threads: 1);

    // Those whose change is made by a command have no file to look at.
    private static Gen<Func<BootTree>> Trees => Gen.OneOf(
        Pick([.. Distributions.Names.Where(name => !Distributions.Refused.ContainsKey(name) && name != "silverblue")]).Select(name => (Func<BootTree>)(() => Distributions.Make(name))),
        Pick([.. GrubCorpus.Certain.Values]).Select(files => (Func<BootTree>)(() => GrubCorpus.Tree(files))));

    private static Gen<T> Pick<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string[] Parameters(BootTree tree) => [.. tree.Detect().Parameters.Select(p => p.Parameter.Text)];

    /// <summary>The file that is edited becomes read-only, or a link to where it went.</summary>
    private static void Dress(BootTree tree, int kind)
    {
        if (tree.Plan("intel_iommu=on").Files is not [var file, ..] || OperatingSystem.IsWindows() || kind == 0)
        {
            return;
        }

        var path = tree.Root + file.Path;
        if (kind == 1)
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
            return;
        }

        File.Move(path, tree.Root + "/moved");
        File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, tree.Root + "/moved"));
    }
}
