using System.Text.Json;
using System.Text.Json.Nodes;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>Which findings refuse a plan, which of them can be accepted, and for how long; and what of its JSON is refused.</summary>
public sealed class PlanGuardsTests
{
    [Theory]
    [InlineData(FindingIds.StateDeviceNotFound, FindingSeverity.Warning, true)]
    [InlineData(FindingIds.StateDeviceAmbiguous, FindingSeverity.Warning, true)]
    [InlineData(FindingIds.DomainManagedSave, FindingSeverity.Warning, true)]
    [InlineData(FindingIds.PersistenceConflict, FindingSeverity.Error, true)]
    [InlineData(FindingIds.PersistenceConflict, FindingSeverity.Warning, false)]
    [InlineData(FindingIds.DeviceHoldsSwap, FindingSeverity.Error, true)]
    [InlineData(FindingIds.DeviceNoReset, FindingSeverity.Warning, false)]
    public void What_could_not_be_determined_refuses_only_where_it_protects_something(string id, FindingSeverity possible, bool speaks)
    {
        var finding = Of(id, "cannot tell", FindingSeverity.Info) with { IsUndetermined = true, PossibleSeverity = possible };
        Assert.Equal(speaks, PlanGuards.Speaks(finding));
        Assert.False(PlanGuards.Speaks(finding with { IsUndetermined = false }));
    }

    [Fact]
    public void A_root_file_system_beside_another_cannot_be_accepted()
    {
        var home = Of(FindingIds.DeviceHoldsMountedFileSystem, "sda is mounted") with { Evidence = [new("/proc/self/mountinfo", "/home (ext4 on sda2)")] };
        Assert.True(PlanGuards.CanBeAccepted(home));
        Assert.False(PlanGuards.CanBeAccepted(home with { Evidence = [.. home.Evidence, new("/proc/self/mountinfo", "/ (ext4 on sda1)")] }));
    }

    [Fact]
    public void An_accepted_id_holds_for_the_findings_that_were_shown()
    {
        var (first, second) = (Of(FindingIds.DeviceHoldsSwap, "swap on sda1"), Of(FindingIds.DeviceHoldsSwap, "swap on sda2"));
        Assert.Empty(PlanGuards.Refusing([second], [first.Id], shown: [first, second]));
        Assert.Equal([second], PlanGuards.Refusing([first, second], [first.Id], shown: [first]));
        Assert.Empty(PlanGuards.Refusing([first, second], [first.Id]));
    }

    [Fact]
    public void The_options_of_a_saved_plan_name_what_is_accepted_in_order() =>
        Assert.Equal(["a", "b"], PlanDocumentOptions.Of(new PlanOptions { Accepted = ["b", "a"] }).Accept);

    [Fact]
    public void A_document_without_a_value_or_with_a_number_for_a_word_is_refused()
    {
        var options = PlanDocumentOptions.Of(new PlanOptions());
        var document = JsonSerializer.SerializeToNode(
            new PlanDocument
            {
                Format = PlanDocument.CurrentFormat, Kind = PlanKind.Assign, Purpose = "do it", Refused = false, Accepted = [], Devices = [],
                Steps = [new(1, PlanStepKind.BindDriver, null, "bind it", "", "echo")], Findings = [], Options = options, Host = PlanDocumentHost.Unknown,
            },
            PlanDocumentJson.Plain.PlanDocument)!;
        Assert.Equal("assign", (string?)document["kind"]);
        Assert.Equal("do it", Read(document)?.Purpose);

        Refuse(document, changed => changed["kind"] = 0);
        Refuse(document, changed => changed["purpose"] = null);
        Refuse(document, changed => changed["steps"]![0]!.AsObject().Remove("command"));
    }

    private static PlanDocument? Read(JsonNode document) => document.Deserialize(PlanDocumentJson.Plain.PlanDocument);

    private static void Refuse(JsonNode document, Action<JsonNode> change)
    {
        var changed = document.DeepClone();
        change(changed);
        Assert.Throws<JsonException>(() => Read(changed));
    }

    private static Finding Of(string id, string title, FindingSeverity severity = FindingSeverity.Error) =>
        new() { Id = id, Severity = severity, Title = title, Remedy = "wait", Evidence = [] };
}
