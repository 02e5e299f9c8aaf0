using System.Collections.Immutable;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The host on which a saved plan was made.</summary>
/// <param name="Source">What was read: <c>/</c> for the machine itself, else the directory.</param>
/// <param name="Machine">Names the machine (<see cref="HostMarks.Machine"/>); empty if it does not say.</param>
/// <param name="Boot">Names its boot; empty if it does not say.</param>
/// <param name="Devices">What stood at the devices' addresses.</param>
internal sealed record PlanDocumentHost(string Source, string Machine, string Boot, ImmutableArray<DeviceIdentity> Devices)
{
    /// <summary>A host that cannot be distinguished from others.</summary>
    public static PlanDocumentHost Unknown { get; } = new("", "", "", []);
}
