using Passthrough.Sdk.Files;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.PersistenceChanges;

/// <summary>Writes, replaces or removes a rule file of udev, and tells a running udevd.</summary>
/// <remarks>
/// <see cref="HostChange.Name"/> is the path; <see cref="HostChange.Before"/> and <see cref="HostChange.After"/> are the whole contents, null
/// for no file.
/// </remarks>
internal sealed class WriteRuleFile : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.WriteRuleFile;

    public override bool NamesSubject => true;

    public override bool OutlivesBoot => true;

    public override PlanStep Describe(int number, HostChange change) => new(
        number,
        Kind,
        change.Device,
        change switch
        {
            { After: null } => $"remove {change.Name}",
            { Before: null } => $"write {change.Name}",
            _ => $"replace {change.Name}",
        },
        change.Before is null ? $"remove {change.Name}" : $"restore {change.Name}",
        change.After is null ? $"rm {change.Name} && {UdevRuleFile.ReloadCommand}" : $"cp RULE {change.Name} && {UdevRuleFile.ReloadCommand}");

    public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ChangeAsync(change.Name, change.Before, change.After, context);
    }

    public override Task UndoAsync(HostChange change, ChangeContext context) => ChangeAsync(change.Name, change.After, change.Before, context);

    private static Task ChangeAsync(string path, string? from, string? to, ChangeContext context)
    {
        new TextFile(context.Directory, path).Change(from, to);
        return UdevCommand.ReloadAsync(context);
    }
}
