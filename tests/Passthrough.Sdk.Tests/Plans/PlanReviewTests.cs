using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>What of a saved plan must be as it was reviewed, by itself: the host, the devices, the steps, what was accepted.</summary>
public sealed class PlanReviewTests
{
    private static readonly PciAddress Nic = PciAddress.Parse("0000:01:00.0");

    [Theory]
    [InlineData("m", "b", "m", "b", true, null)]
    [InlineData("m", "b", "other", "b", true, null)] // the same boot is the same host
    [InlineData("m", "b", "m", "c", true, SavedPlanProblem.OtherBoot)]
    [InlineData("m", "b", "other", "c", true, SavedPlanProblem.OtherHost)]
    [InlineData("m", "b", "", "c", true, SavedPlanProblem.OtherHost)]
    [InlineData("", "", "m", "b", false, SavedPlanProblem.OtherHost)]
    [InlineData("", "", "", "", true, SavedPlanProblem.OtherHost)]
    [InlineData("", "", "", "", false, SavedPlanProblem.OtherBoot)]
    public void The_host_is_known_by_its_boot_or_its_machine(string machine, string boot, string machineNow, string bootNow, bool isThisMachine, SavedPlanProblem? problem) =>
        Assert.Equal(problem, Problem(() => PlanReview.RefuseOtherHost(Saved with { Host = new("/", machine, boot, []) }, new("/", machineNow, bootNow, []), isThisMachine)));

    [Fact]
    public void A_device_that_is_gone_is_for_the_guards_and_another_one_is_refused()
    {
        var saved = Saved with { Host = new("/", "m", "b", [new(Nic, "0x8086 0x10d3")]) };
        Assert.Null(Problem(() => PlanReview.RefuseOtherHost(saved, saved.Host, true)));
        Assert.Null(Problem(() => PlanReview.RefuseOtherHost(saved, saved.Host with { Devices = [] }, true)));
        Assert.Equal(SavedPlanProblem.OtherDevice, Problem(() => PlanReview.RefuseOtherHost(saved, saved.Host with { Devices = [new(Nic, "0x8086 0x1533")] }, true)));
    }

    [Fact]
    public void The_first_step_that_differs_is_named_by_its_number()
    {
        Assert.Null(Problem(() => PlanReview.RefuseOtherSteps(Saved, Saved, [])));
        Assert.Null(Problem(() => PlanReview.RefuseOtherSteps(Saved, Saved with { Refused = true, Steps = [] }, [])));
        var less = Assert.Throws<SavedPlanException>(() => PlanReview.RefuseOtherSteps(Saved, Saved with { Steps = [Saved.Steps[0]] }, []));
        Assert.Contains("step 2 was 'reset it (echo 2)' and would now be 'nothing'", less.Message, StringComparison.Ordinal);
        var more = Assert.Throws<SavedPlanException>(() => PlanReview.RefuseOtherSteps(Saved with { Steps = [] }, Saved, []));
        Assert.Contains("step 1 was 'nothing' and would now be 'bind it (echo 1)'", more.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_accepted_counts_for_the_finding_that_was_shown()
    {
        var now = Saved with { Accepted = ["a"], Findings = [Shown("a", "one")] };
        Assert.Null(Problem(() => PlanReview.RefuseOtherSteps(Saved with { Findings = [Shown("b", "another"), Shown("a", "one")] }, now, [])));
        Assert.Equal(SavedPlanProblem.FindingsDiffer, Problem(() => PlanReview.RefuseOtherSteps(Saved with { Findings = [Shown("a", "two")] }, now, [])));
        Assert.Equal(SavedPlanProblem.FindingsDiffer, Problem(() => PlanReview.RefuseOtherSteps(Saved, now, [])));
        Assert.Null(Problem(() => PlanReview.RefuseOtherSteps(Saved, now, ["a"])));
    }

    private static PlanDocument Saved { get; } = new()
    {
        Format = PlanDocument.CurrentFormat,
        Kind = PlanKind.Assign,
        Purpose = "do it",
        Refused = false,
        Accepted = [],
        Devices = [],
        Steps = [new(1, PlanStepKind.BindDriver, Nic, "bind it", "", "echo 1\nmore"), new(2, PlanStepKind.ResetDevice, Nic, "reset it", "", "echo 2")],
        Findings = [],
        Options = PlanDocumentOptions.Of(new()),
        Host = PlanDocumentHost.Unknown,
    };

    private static PlanDocumentFinding Shown(string id, string title) => new(id, FindingSeverity.Error, title, [], "", []);

    private static SavedPlanProblem? Problem(Action review) => (Record.Exception(review) as SavedPlanException)?.Problem;
}
