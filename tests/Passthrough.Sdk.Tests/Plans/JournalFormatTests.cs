using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>docs/journal.md names every field that is written, and no other.</summary>
public sealed class JournalFormatTests
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/journal.md"));

    public static TheoryData<string> Types => [.. Written().Keys];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_field_that_is_written_is_documented_and_every_documented_one_is_written(string type) =>
        Assert.Equal(Written()[type].Order(StringComparer.Ordinal), Documented(type).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_documented_type_is_written() =>
        Assert.Equal(Written().Keys.Order(StringComparer.Ordinal), Regex.Matches(Page, "^### (.+)$", RegexOptions.Multiline).Select(heading => heading.Groups[1].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Numbers_and_words_are_those_of_the_code()
    {
        Assert.Contains($"The format is {JournalEntry.CurrentFormat}.", Page, StringComparison.Ordinal);
        Assert.Contains($"| `format` | the number of the format, {BootHistoryEntry.CurrentFormat} |", Page, StringComparison.Ordinal);
        Assert.All(Enum.GetNames<PlanKind>().Concat(Enum.GetNames<PlanStepKind>()), name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));
        Assert.Contains(new PlanOptions().JournalDirectory, Page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Documented(string type)
    {
        var start = Page.IndexOf($"### {type}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/journal.md has no section {type}");
        var end = Page.IndexOf("\n#", start + 1, StringComparison.Ordinal);
        return Regex.Matches(Page[start..end], @"^\| `([A-Za-z]+)` \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value);
    }

    // What the serialiser writes of one of each: the files themselves, not what the types declare.
    private static Dictionary<string, string[]> Written()
    {
        var binding = new HostBinding("e1000e", "e1000e");
        var identity = new DeviceIdentity(Nic, "0x8086 0x10d3 0x8086 0x0000 0x020000");
        var step = new PlanStep(1, PlanStepKind.AddToDefinition, Nic, "add it", "take it out", "virsh attach-device");
        var device = new AssignedDevice(Nic, "e1000e", "<hostdev/>") { ReturnTo = binding };
        var entry = new JournalEntry
        {
            Id = "1",
            StartedAt = DateTimeOffset.UnixEpoch,
            Identities = [identity],
            LiveBefore = [],
            Devices = [device],
            Steps = [step],
            VirtualFunctions = new(Nic, 0, 2) { Settings = [new(0, "vlan", null, "100")] },
            Changes = [new(PlanStepKind.BindDriver, Nic, "keep", null, null) { From = binding, To = binding }],
            Boot = new("000001-x", ["/etc/default/grub"]),
        };
        var record = new BindingRecord { Address = Nic, Identity = "", BootId = "", Domain = "vm1", Entry = "1", Binding = binding };
        var file = new BootHistoryFile("/etc/default/grub", "0", "00", "01");
        var change = new BootHistoryEntry { AppliedAt = DateTimeOffset.UnixEpoch, Files = [file] };
        using var journal = Json(entry, JournalJson.Default.JournalEntry);
        using var assigned = Json(record, BindingRecordJson.Default.BindingRecord);
        using var history = Json(change, BootHistoryJson.Default.BootHistoryEntry);
        var root = journal.RootElement;
        return new()
        {
            [nameof(JournalEntry)] = Names(root),
            [nameof(PlanStep)] = Names(root.GetProperty("steps")[0]),
            [nameof(AssignedDevice)] = Names(root.GetProperty("devices")[0]),
            [nameof(HostBinding)] = Names(root.GetProperty("devices")[0].GetProperty("returnTo")),
            [nameof(DeviceIdentity)] = Names(root.GetProperty("identities")[0]),
            [nameof(VirtualFunctionChange)] = Names(root.GetProperty("virtualFunctions")),
            [nameof(VirtualFunctionSettingEntry)] = Names(root.GetProperty("virtualFunctions").GetProperty("settings")[0]),
            [nameof(HostChange)] = Names(root.GetProperty("changes")[0]),
            [nameof(BootChangeEntry)] = Names(root.GetProperty("boot")),
            [nameof(BindingRecord)] = Names(assigned.RootElement),
            [nameof(BootHistoryEntry)] = Names(history.RootElement),
            [nameof(BootHistoryFile)] = Names(history.RootElement.GetProperty("files")[0]),
        };
    }

    private static JsonDocument Json<T>(T value, JsonTypeInfo<T> type) => JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(value, type));

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];
}
