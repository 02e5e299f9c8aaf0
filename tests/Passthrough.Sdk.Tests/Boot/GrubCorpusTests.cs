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
        var files = GrubCorpus.Certain[name];
        using var tree = GrubCorpus.Tree(files);
        string?[] before = [.. ShellOracle.Shells.Select(s => GrubCorpus.CommandLine(tree, files, s))];
        var bytes = tree.Everything();
        Assert.NotNull(tree.Plan(GrubCorpus.Added).Apply());
        for (var i = 0; i < ShellOracle.Shells.Length; i++)
        {
            var after = Words(GrubCorpus.CommandLine(tree, files, ShellOracle.Shells[i])!);
            var old = Words(before[i]!.Replace("intel_iommu=off,", "intel_iommu=", StringComparison.Ordinal).Replace("intel_iommu=off", "", StringComparison.Ordinal));
            Assert.Single(after, w => w == GrubCorpus.Added);
            Assert.DoesNotContain(after, w => w.Contains("off", StringComparison.Ordinal));
            Assert.Equal(old, after.Where(w => w != GrubCorpus.Added));
            Assert.True(Array.IndexOf(after, GrubCorpus.Added) < (Array.IndexOf(after, "--") is >= 0 and int end ? end : int.MaxValue));
        }

        Assert.True(tree.Plan(GrubCorpus.Added).Files.IsEmpty);
        tree.Revert();
        Assert.Equal(bytes, tree.Everything());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_uncertain_file_is_refused_with_the_line_that_stands_in_the_way(string name)
    {
        (var line, var files) = GrubCorpus.Refused[name];
        using var tree = GrubCorpus.Tree(files);
        var refused = Assert.Throws<BootUncertainException>(() => tree.Plan(GrubCorpus.Added));
        Assert.Equal(line, refused.Line);
        Assert.Equal(files[^1].Split('\n')[line - 1].TrimEnd('\r'), refused.LineText);
        Assert.Equal(files.Length == 1 ? "/etc/default/grub" : "/etc/default/grub.d/10-x.cfg", refused.Path);
        Assert.Equal(BootParameterState.Unknown, tree.Detect().StateOf(BootParameter.Parse(GrubCorpus.Added)));
        Assert.True(tree.Detect().Configured.IsUnknown);
    }

    [Theory]
    [InlineData("GRUB_CMDLINE_LINUX=\"rhgb\"\nif [ -e /x ]; then GRUB_CMDLINE_LINUX_DEFAULT=quiet; fi\n", "GRUB_CMDLINE_LINUX=\"rhgb intel_iommu=on\"\nif")]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT=$(cat /x)\nGRUB_CMDLINE_LINUX=\"\"\n", "\nGRUB_CMDLINE_LINUX=\"intel_iommu=on\"\n")]
    [InlineData("if [ -e /x ]; then GRUB_CMDLINE_LINUX=a; fi\nGRUB_CMDLINE_LINUX_DEFAULT='quiet'\n", "\nGRUB_CMDLINE_LINUX_DEFAULT='quiet intel_iommu=on'\n")]
    public void Where_one_variable_is_not_certain_the_other_takes_the_parameter(string settings, string expected)
    {
        using var tree = GrubCorpus.Tree([settings]);
        var before = tree.Everything();
        var plan = tree.Plan(GrubCorpus.Added);
        Assert.Contains(plan.Reasons, reason => reason.Contains("is not certain", StringComparison.Ordinal));
        plan.Apply();
        Assert.Contains(expected, tree["/etc/default/grub"], StringComparison.Ordinal);
        Assert.Empty(tree.Plan(GrubCorpus.Added).Files);
        tree.Revert();
        Assert.Equal(before, tree.Everything());
    }

    [Theory]
    [InlineData("GRUB_CMDLINE_LINUX=\"rhgb\"\nif [ -e /x ]; then GRUB_CMDLINE_LINUX_DEFAULT=intel_iommu=off; fi\n")]
    [InlineData("OFF=intel-iommu=off\nGRUB_CMDLINE_LINUX=\"rhgb\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"${OFF%x}\"\n")]
    public void A_variable_that_may_undo_the_parameter_is_not_passed_by(string settings)
    {
        using var tree = GrubCorpus.Tree([settings]);
        Assert.Throws<BootUncertainException>(() => tree.Plan(GrubCorpus.Added));
    }

    [Fact]
    public void A_function_from_a_sourced_file_that_is_called_later_makes_the_value_uncertain()
    {
        const string Settings = "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n. /etc/default/helpers\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash\"\nsetit\n";
        using var hidden = GrubCorpus.Tree([Settings]);
        Assert.Equal(4, Assert.Throws<BootUncertainException>(() => hidden.Plan(GrubCorpus.Added)).Line);
        using var harmful = GrubCorpus.Tree([Settings]).With("/etc/default/helpers", "setit() { GRUB_CMDLINE_LINUX_DEFAULT=other; }\n");
        Assert.Equal(4, Assert.Throws<BootUncertainException>(() => harmful.Plan(GrubCorpus.Added)).Line);
        using var harmless = GrubCorpus.Tree([Settings]).With("/etc/default/helpers", "setit() { GRUB_THEME=other; }\n");
        harmless.Plan(GrubCorpus.Added).Apply();
        Assert.Contains("\"quiet splash intel_iommu=on\"", harmless["/etc/default/grub"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_from_a_sourced_file_is_edited_there_unless_a_package_owns_it()
    {
        using var own = GrubCorpus.Tree([". /etc/default/line\nGRUB_CMDLINE_LINUX_DEFAULT=\"$LINE\"\n"]).With("/etc/default/line", "LINE=\"quiet intel_iommu=off\"\n");
        var before = own.Everything();
        own.Plan(GrubCorpus.Added).Apply();
        Assert.Equal("LINE=\"quiet intel_iommu=on\"\n", own["/etc/default/line"]);
        own.Revert();
        Assert.Equal(before, own.Everything());
        using var vendor = GrubCorpus.Tree([". /usr/share/line\nGRUB_CMDLINE_LINUX_DEFAULT=\"$LINE\"\n"]).With("/usr/share/line", "LINE=\"quiet intel_iommu=off\"\n");
        Assert.Contains("package", Assert.Throws<BootUncertainException>(() => vendor.Plan(GrubCorpus.Added)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adding_then_removing_a_parameter_gives_the_file_back_byte_for_byte()
    {
        var value = Pick("quiet", "splash", "console=ttyS0,115200", "dyndbg=\\\"file a +p\\\"", "nosmt", "", "x=1  y").Array[0, 4].Select(w => string.Join(' ', w));
        var quoted = Gen.Select(value, Gen.Int[0, 2], (v, style) => style switch
        {
            0 => $"\"{v}\"",
            1 => $"'{v.Replace("\\", "", StringComparison.Ordinal)}'",
            _ => $"\"{v.Replace(" ", " \\\n ", StringComparison.Ordinal)}\"",
        });
        var line = Gen.Select(Pick("GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT", "GRUB_THEME", "export GRUB_CMDLINE_LINUX_DEFAULT"), quoted, (k, v) => $"{k}={v}");
        var other = Pick("# GRUB_CMDLINE_LINUX=\"no\"", "", "GRUB_TIMEOUT=5", "GRUB_DISTRIBUTOR=$(echo x)", "\tGRUB_A=1; GRUB_B=2");
        Gen.Select(Gen.OneOf(line, other).Array[0, 6], quoted, Gen.Bool, (lines, last, newline) =>
                string.Join('\n', lines.Append($"GRUB_CMDLINE_LINUX_DEFAULT={last}")) + (newline ? "\n" : ""))
            .Sample(text =>
            {
                var added = Edit(text, new BootChange { Add = [BootParameter.Parse("vfio_x=1"), BootParameter.Parse("flag")] });
                Assert.Equal(["flag", "vfio_x=1"], Words(Value(added)).Except(Words(Value(text))).Order());
                Assert.Equal(added, Edit(added, new BootChange { Add = [BootParameter.Parse("vfio_x=1"), BootParameter.Parse("flag")] }));
                Assert.Equal(text, Edit(added, new BootChange { Remove = ["vfio-x", "flag"] }));
                // Only the value's own bytes grew: what is cut out of the new text is one stretch.
                var head = text.Zip(added).TakeWhile(p => p.First == p.Second).Count();
                Assert.EndsWith(text[head..], added, StringComparison.Ordinal);
            }, iter: 300);
    }

    [Fact]
    public void Removing_any_parameter_leaves_every_other_one()
    {
        Gen.Select(Pick("a", "b=1", "c", "d=x,y").Array[1, 6], Pick("a", "b", "c", "d"), Pick("\"", "'")).Sample((words, gone, quote) =>
        {
            var text = $"GRUB_CMDLINE_LINUX={quote}{string.Join(' ', words)}{quote}\nGRUB_CMDLINE_LINUX_DEFAULT=\"keep {words[0]}\"\n";
            var edited = Edit(text, new BootChange { Remove = [gone] });
            Assert.Equal(Words(Value(text)).Where(w => w.Split('=')[0] != gone), Words(Value(edited)));
        }, iter: 300);
    }

    [Theory]
    [InlineData("memmap=1$2")]
    [InlineData("a;b")]
    [InlineData("a'b")]
    public void A_parameter_that_grub_would_read_otherwise_is_refused(string parameter)
    {
        using var tree = GrubCorpus.Tree(["GRUB_CMDLINE_LINUX=\"\"\n"]);
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
