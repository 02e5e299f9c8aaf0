using Passthrough.Sdk.Files;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.PersistenceChanges;

/// <summary>Writes, replaces or removes a rule file of udev, and tells a running udevd.</summary>
internal sealed class WriteRuleFile : WriteFile
{
    public override PlanStepKind Kind => PlanStepKind.WriteRuleFile;

    protected override string WordsFor(HostChange change) => change switch
    {
        { After: null } => $"remove {change.Name}",
        { Before: null } => $"write {change.Name}",
        _ => $"replace {change.Name}",
    };

    protected override string CommandFor(HostChange change) => change.After is null
        ? FileCommand.Remove(change.Name, then: UdevRuleFile.ReloadCommand)
        : FileCommand.Write(change.Name, change.After, then: UdevRuleFile.ReloadCommand);

    protected override Task ChangedAsync(ChangeContext context) => UdevCommand.ReloadAsync(context);
}
