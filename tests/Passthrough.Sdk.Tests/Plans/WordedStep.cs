using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>A step that has words and does nothing.</summary>
internal sealed class WordedStep : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.WriteRuleFile;

    public override PlanStep Describe(int number, HostChange change) => new(number, Kind, change.Device, "write it", "take it back", "tee it");

    public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task UndoAsync(HostChange change, ChangeContext context) => Task.CompletedTask;
}
