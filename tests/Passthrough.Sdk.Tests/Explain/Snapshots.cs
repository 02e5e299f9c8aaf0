using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Snapshots with a fact that no file of a fake host can give, such as the kernel's log.</summary>
internal static class Snapshots
{
    public static HostSnapshot With(HostSnapshot snapshot, HostSystem system) =>
        new(snapshot.CapturedAt, snapshot.Source, snapshot.Devices, snapshot.IommuGroups, snapshot.Unread) { System = system };
}
