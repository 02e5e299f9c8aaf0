using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>The context in which a change is made or undone.</summary>
/// <param name="Sysfs">The kernel's files, which know the writes that have not returned.</param>
/// <param name="Directory">The directory that contains the host's files: <c>/</c>, or that of a fake host.</param>
/// <param name="RunsCommands">Whether commands run on this machine; false for a fake host, which has none.</param>
/// <param name="AskUse">Captures the host again and returns the uses of a device by the host and by programs.</param>
/// <param name="Options">Time-outs, accepted findings, and the directory of the journal.</param>
/// <param name="Time">The clock.</param>
internal sealed record ChangeContext(
    AwaitedSysfs Sysfs, string Directory, bool RunsCommands, Func<PciAddress, ValueList<Finding>> AskUse, PlanOptions Options, TimeProvider Time)
{
    /// <summary>The id of the plan's entry in the journal; empty before it is written.</summary>
    public string EntryId { get; init; } = "";

    /// <summary>Returns the path on this machine of a file of the host.</summary>
    public string PathOf(string path) => Directory == "/" ? path : Path.Join(Directory, path);
}
