using System.Globalization;
using System.Text;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Every known message is recognised in every form that shells, logs, distributors and web pages give it.</summary>
public sealed class MessageFormsTests
{
    [Fact]
    public void Every_message_is_recognised_by_its_own_pattern()
    {
        Assert.All(MessageExamples.All, example =>
        {
            var match = ErrorMatcher.First(ErrorLines.Of(example.Text), "error");
            Assert.True(match is not null, example.Text);

            // An earlier, more special pattern may take it; then the special one must say the same kind of thing.
            var known = example.Pattern.Causes.Select(cause => cause.Id).ToHashSet();
            Assert.True(
                match!.Pattern == example.Pattern || match.Pattern.Causes.Any(cause => known.Contains(cause.Id)) || (known.Count == 0 && match.Pattern.Causes.IsEmpty),
                $"'{example.Text}' is taken by '{match.Pattern.Template}' in place of '{example.Pattern.Template}'");
        });
    }

    public static TheoryData<string> Quotes { get; } =
    [
        "\u2018\u2019", "\u201c\u201d", "\u201e\u201c", "\u201e\u201d", "\u201d\u201d", "\u00ab\u00bb", "\u00bb\u00ab", "\u2039\u203a", "`'", "\"\"", "''", "\u300c\u300d", "\u300e\u300f", "\u201a\u2018", "``", "\u00b4\u00b4", "\uff02\uff02",
    ];

    [Theory]
    [MemberData(nameof(Quotes))]
    public void Quotes_of_any_language_do_not_matter(string pair) => AllAgree(text => Requote(text, $"{pair[0]}", $"{pair[1]}"));

    [Fact]
    public void Quotes_do_not_matter_where_there_are_none() => AllAgree(text => Requote(text, "", ""));

    [Fact]
    public void Quotes_with_spaces_inside_do_not_matter() => AllAgree(text => Requote(text, "\u00ab\u00a0", "\u00a0\u00bb"));

    [Fact]
    public void Quotes_that_a_log_escapes_do_not_matter() => AllAgree(text => text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal));

    [Fact]
    public void Quotes_around_paths_do_not_matter() => AllAgree(text => string.Join(' ', text.Split(' ').Select(word => word.StartsWith('/') && word.EndsWith(':') ? $"'{word[..^1]}':" : word)));

    public static TheoryData<string> Heads { get; } =
    [
        "error: ", "Error: ", "ERROR: ", "TASK ERROR: ", "warning: ", "[  139.513963] ", "[    1.5] ", "<3>[  139.513963] ", "[Mon Sep 17 18:25:53 2018] ", "[Mo Sep 17 18:25:53 2018] ", "[  +0.000012] ", "[Sep17 18:25] ",
        "[  139.513963][  T123] ", "[  139,513963] ", "kern  :err   : [  139.513963] ", "Nov 23 15:37:00 host kernel: ", "Nov  3 15:37:00 host kernel: ", "nov. 23 15:37:00 host kernel: ", "23. Nov 15:37:00 host kernel: ",
        "Nov 23 15:37:00 host kernel: [  139.513963] ", "Nov 23 15:37:00.123456 host kernel: ", "2024-05-03T10:09:12+0200 host kernel: ", "2024-05-03T10:09:12.123456+02:00 host kernel: ", "2024-05-03T10:09:12,123456+02:00 ",
        "2024-05-03 10:09:12.123+0000: ", "2024-05-03 10:09:12.123+0000: 1234: error : qemuProcessReportLogError:1912 : ", "1234: error : virPCIDeviceNew:1530 : ", "<6>1 2024-05-03T10:09:12.123Z host kernel - - - ", "[  139.513963] host kernel: ",
        "Nov 23 15:37:00 host (udev-worker)[123]: ", "(udev-worker)[123]: ", "systemd-udevd[123]: ", "Nov 23 15:37:00 host libvirtd[123]: ", "Nov 23 15:37:00 host virtqemud[123]: 2024-05-03 10:09:12.123+0000: 1234: error : x:1 : ",
        "2024-05-03T10:09:12.123456789Z stderr F ", "2024-05-03T10:09:12.123456Z qemu-system-x86_64: ", "qemu-system-x86_64: ", "kvm: ", "/usr/bin/kvm: ", "QEMU[123]: kvm: ", "bash: line 12: ", "-bash: ", "sh: 1: ", "tee: ",
        "virsh: error: ", "libvirt.libvirtError: ", "libvirt: QEMU Driver error : ", "Error starting domain: ", "Unable to add device: ", "Unable to complete install: '", "\u001b[31merror:\u001b[0m ", "\ufeff", "    ", "> ", "| ", "* ", "10:09:12.5 ", "2024/05/03 10:09:12 ",
        "qemu-system-x86_64: -device {\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.0\",\"id\":\"hostdev0\"}: ", "kvm: -device vfio-pci,host=0000:01:00.0,id=hostpci0,bus=pci.0,addr=0x10: ",
    ];

    [Theory]
    [MemberData(nameof(Heads))]
    public void What_stands_in_front_does_not_matter(string head) => AllAgree(text => head + text);

    [Fact]
    public void Case_spaces_and_dashes_do_not_matter()
    {
        AllAgree(text => text.Replace(" ", "  ", StringComparison.Ordinal));
        AllAgree(text => text.Replace(' ', '\u00a0'));
        AllAgree(text => text.Replace(' ', '\t'));
        AllAgree(text => text.Replace('-', '\u2011'));
        AllAgree(text => text.ToUpperInvariant());
        AllAgree(text => text + "\r");
        AllAgree(text => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal));
    }

    public static TheoryData<string> Devices { get; } =
        ["01:00.0", "0x0000:0x01:0x00.0x0", "0x01:0x00.0", "pci_0000_01_00_0", "0000_01_00_0", "0000:01:00.00", "00000000:01:00.0", "pci-0000:01:00.0", "PCI:0000:01:00.0", "[01:00.0]", "0000-01-00.0"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_device_is_known_in_every_form_of_its_address(string form)
    {
        using var host = Hosts.Healthy();
        var snapshot = PassthroughHost.At(host.Root).Capture();
        foreach (var (_, text) in MessageExamples.All.Where(example => example.Text.Contains("0000:01:00.0", StringComparison.Ordinal) && !example.Text.Contains("0000:04:02.0", StringComparison.Ordinal)))
        {
            var (plain, other) = (snapshot.Explain(text), snapshot.Explain(text.Replace("0000:01:00.0", form, StringComparison.Ordinal)));
            Assert.True(Ids(plain).SequenceEqual(Ids(other)), $"'{text}' with {form}: {string.Join(", ", Ids(plain))} and {string.Join(", ", Ids(other))}");
            Assert.True(plain.Devices.SequenceEqual(other.Devices), $"'{text}' with {form}: {string.Join(", ", other.Devices)}");
        }
    }

    [Theory]
    [InlineData("2024-05-03 10:09:12.5 kernel: something")]
    [InlineData("[10:09:12.5] something")]
    [InlineData("at 18:45:18.123 the address 10.0.0.1:5900 and version 2.12.0-1")]
    public void A_time_is_no_device(string text) => Assert.Empty(ErrorSubjects.In(ErrorLines.Of(text)).Devices);

    [Theory]
    [InlineData("/sys/devices/pci0000:00/0000:00:03.1/0000:06:00.0/sriov_numvfs", "0000:06:00.0")]
    [InlineData("/sys/devices/pci0000:00/0000:00:03.1/0000:05:00.0/0000:06:00.0/driver/unbind", "0000:06:00.0")]
    public void Of_a_path_the_last_device_counts(string path, string device) =>
        Assert.Equal([device], ErrorSubjects.In([path]).Devices.Select(address => address.ToString()));

    [Fact]
    public void The_parent_of_a_mediated_device_is_not_what_the_text_is_about()
    {
        var subjects = ErrorSubjects.In([$"kvm: -device vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:06:00.0/{MessageExamples.Uuid},id=hostpci0: x"]);
        Assert.Empty(subjects.Devices);
        Assert.Equal(["0000:06:00.0"], subjects.Parents.Select(address => address.ToString()));
    }

    // The message is the same where the same causes are proposed; a program's name in front can make them certain.
    private static void AllAgree(Func<string, string> form)
    {
        var wrong = new StringBuilder();
        foreach (var (_, text) in MessageExamples.All)
        {
            var (plain, other) = (Recognised(text), Recognised(form(text)));
            if (!plain.SequenceEqual(other))
            {
                wrong.AppendLine(CultureInfo.InvariantCulture, $"'{text}' as '{form(text)}': {string.Join(", ", plain)} and {string.Join(", ", other)}");
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static IEnumerable<string> Recognised(string text) => ErrorMatcher.First(ErrorLines.Of(text), "error") is { } match
        ? match.Pattern.Causes.Select(cause => cause.Id) : ["nothing"];

    private static IEnumerable<string> Ids(Explanation explanation) => explanation.Findings.SelectMany(finding => finding.Consequences.Prepend(finding)).Select(finding => finding.Id);

    // Straight quotes in pairs; an apostrophe within a word takes the closing sign, as typographers have it.
    private static string Requote(string text, string open, string close)
    {
        var result = new StringBuilder();
        var isOpen = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\'' or '"' or '`'))
            {
                result.Append(text[i]);
                continue;
            }

            var isApostrophe = text[i] == '\'' && i > 0 && char.IsLetter(text[i - 1]) && i + 1 < text.Length && char.IsLetter(text[i + 1]) && !isOpen;
            if (isApostrophe)
            {
                result.Append(close.Length == 0 ? "'" : close.Trim());
                continue;
            }

            result.Append(isOpen ? close : open);
            isOpen = !isOpen;
        }

        return result.ToString();
    }
}
