using Passthrough.Sdk.Files;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Starts;

/// <summary>Writes, replaces or removes the hook that libvirt calls before a domain starts.</summary>
internal sealed class WriteStartHook : WriteFile
{
    public override PlanStepKind Kind => PlanStepKind.WriteStartHook;

    protected override bool CreatesDirectory => true;

    protected override bool RemovesDirectory => true;

    protected override string WordsFor(HostChange change) => change switch
    {
        { After: null } => $"remove {change.Name}, so that domains start unchecked",
        { Before: null } => $"write {change.Name}, which libvirt calls before each start of a domain",
        _ => $"replace {change.Name}, which libvirt calls before each start of a domain",
    };

    protected override string CommandFor(HostChange change) => change.After is null
        ? FileCommand.Remove(change.Name)
        : FileCommand.Write(change.Name, change.After, StartHookFile.Mode);

    protected override TextFile Open(string path, ChangeContext context) => StartHookFile.Of(context.Directory, path);
}
