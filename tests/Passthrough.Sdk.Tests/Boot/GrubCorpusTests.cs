using CsCheck;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Shell;

namespace Passthrough.Sdk.Tests.Boot;

public sealed class GrubCorpusTests
{
    private static readonly char[] Blanks = [' ', '\t', '\n'];

    public static TheoryData<string> Certain => [.. GrubCorpus.Certain.Keys];

    public static TheoryData<string> Refused => [.. GrubCorpus.Refused.Keys];

    [Theory]
    [MemberData(nameof(Certain))]
    public void A_certain_file_is_edited_as_dash_and_bash_confirm(string name)
    {
        string[] files = GrubCorpus.Certain[name];
        using BootTree tree = GrubCorpus.Tree(files);
        string?[] before = [.. ShellOracle.Shells.Select(s => GrubCorpus.CommandLine(tree, files, s))];
        SortedDictionary<string, string> bytes = tree.Everything();
        Assert.NotNull(tree.Plan(GrubCorpus.Added).Apply());
        for (int i = 0; i < ShellOracle.Shells.Length; i++)
        {
            string[] after = Words(GrubCorpus.CommandLine(tree, files, ShellOracle.Shells[i])!);
            string[] old = Words(before[i]!.Replace("intel_iommu=off,", "intel_iommu=", StringComparison.Ordinal).Replace("intel_iommu=off", "", StringComparison.Ordinal));
            Assert.Single(after, w => w == GrubCorpus.Added);
            Assert.DoesNotContain(after, w => w.Contains("off", StringComparison.Ordinal));
            Assert.Equal(old, after.Where(w => w != GrubCorpus.Added));
            Assert.True(Array.IndexOf(after, GrubCorpus.Added) < (Array.IndexOf(after, "--") is >= 0 and int end ? end : int.MaxValue));
        }

        Assert.True(tree.Plan(GrubCorpus.Added).Files.IsEmpty);
        BootConfiguration.Revert(tree.Root);
        Assert.Equal(bytes, tree.Everything());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_uncertain_file_is_refused_with_the_line_that_stands_in_the_way(string name)
    {
        (int line, string[] files) = GrubCorpus.Refused[name];
        using BootTree tree = GrubCorpus.Tree(files);
        BootUncertainException refused = Assert.Throws<BootUncertainException>(() => tree.Plan(GrubCorpus.Added));
        Assert.Equal(line, refused.Line);
        Assert.Equal(files[^1].Split('\n')[line - 1].TrimEnd('\r'), refused.LineText);
        Assert.Equal(files.Length == 1 ? "/etc/default/grub" : "/etc/default/grub.d/10-x.cfg", refused.Path);
        Assert.Equal(BootParameterState.Unknown, tree.Detect().StateOf(BootParameter.Parse(GrubCorpus.Added)));
        Assert.True(tree.Detect().Configured.IsUnknown);
    }

    [Fact]
    public void Adding_then_removing_a_parameter_gives_the_file_back_byte_for_byte()
    {
        Gen<string> value = Pick("quiet", "splash", "console=ttyS0,115200", "dyndbg=\\\"file a +p\\\"", "nosmt", "", "x=1  y").Array[0, 4].Select(w => string.Join(' ', w));
        Gen<string> quoted = Gen.Select(value, Gen.Int[0, 2], (v, style) => style switch
        {
            0 => $"\"{v}\"",
            1 => $"'{v.Replace("\\", "", StringComparison.Ordinal)}'",
            _ => $"\"{v.Replace(" ", " \\\n ", StringComparison.Ordinal)}\"",
        });
        Gen<string> line = Gen.Select(Pick("GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT", "GRUB_THEME", "export GRUB_CMDLINE_LINUX_DEFAULT"), quoted, (k, v) => $"{k}={v}");
        Gen<string> other = Pick("# GRUB_CMDLINE_LINUX=\"no\"", "", "GRUB_TIMEOUT=5", "GRUB_DISTRIBUTOR=$(echo x)", "\tGRUB_A=1; GRUB_B=2");
        Gen.Select(Gen.OneOf(line, other).Array[0, 6], quoted, Gen.Bool, (lines, last, newline) =>
                string.Join('\n', lines.Append($"GRUB_CMDLINE_LINUX_DEFAULT={last}")) + (newline ? "\n" : ""))
            .Sample(text =>
            {
                string added = Edit(text, new BootChange { Add = [BootParameter.Parse("vfio_x=1"), BootParameter.Parse("flag")] });
                Assert.Equal(["flag", "vfio_x=1"], Words(Value(added)).Except(Words(Value(text))).Order());
                Assert.Equal(added, Edit(added, new BootChange { Add = [BootParameter.Parse("vfio_x=1"), BootParameter.Parse("flag")] }));
                Assert.Equal(text, Edit(added, new BootChange { Remove = ["vfio-x", "flag"] }));
                // Only the value's own bytes grew: what is cut out of the new text is one stretch.
                int head = text.Zip(added).TakeWhile(p => p.First == p.Second).Count();
                Assert.EndsWith(text[head..], added, StringComparison.Ordinal);
            }, iter: 300);
    }

    [Fact]
    public void Removing_any_parameter_leaves_every_other_one()
    {
        Gen.Select(Pick("a", "b=1", "c", "d=x,y").Array[1, 6], Pick("a", "b", "c", "d"), Pick("\"", "'")).Sample((words, gone, quote) =>
        {
            string text = $"GRUB_CMDLINE_LINUX={quote}{string.Join(' ', words)}{quote}\nGRUB_CMDLINE_LINUX_DEFAULT=\"keep {words[0]}\"\n";
            string edited = Edit(text, new BootChange { Remove = [gone] });
            Assert.Equal(Words(Value(text)).Where(w => w.Split('=')[0] != gone), Words(Value(edited)));
        }, iter: 300);
    }

    [Theory]
    [InlineData("memmap=1$2")]
    [InlineData("a;b")]
    [InlineData("a'b")]
    public void A_parameter_that_grub_would_read_otherwise_is_refused(string parameter)
    {
        using BootTree tree = GrubCorpus.Tree(["GRUB_CMDLINE_LINUX=\"\"\n"]);
        Assert.Throws<BootException>(() => tree.Plan(parameter));
    }

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Edit(string text, BootChange change)
    {
        var line = new ShellCommandLine([new ShellSource("/x", text)], "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT");
        line.Edit(change);
        return line.Sources[0].Text;
    }

    private static string Value(string text) =>
        string.Join(' ', new ShellCommandLine([new ShellSource("/x", text)], "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT").Values);

    private static string[] Words(string line) => line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
