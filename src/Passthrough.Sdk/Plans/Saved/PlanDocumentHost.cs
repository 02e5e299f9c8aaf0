using System.Collections.Immutable;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The host on which a saved plan was made.</summary>
/// <param name="Source">The source: <c>/</c> for the machine itself, otherwise the directory.</param>
/// <param name="Machine">The hash that identifies the machine (<see cref="HostMarks.Machine"/>); empty if it is unknown.</param>
/// <param name="Boot">The id of its boot; empty if it is unknown.</param>
/// <param name="Devices">The identities of the devices.</param>
internal sealed record PlanDocumentHost(string Source, string Machine, string Boot, ImmutableArray<DeviceIdentity> Devices)
{
    /// <summary>A host that cannot be distinguished from others.</summary>
    public static PlanDocumentHost Unknown { get; } = new("", "", "", []);
}
