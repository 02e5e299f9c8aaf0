using System.Collections.Immutable;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Processes of the host have the device open.</summary>
internal sealed class DeviceHasOpenHandles : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHasOpenHandles,
            Severity = FindingSeverity.Error,
            Title = "processes of the host have the device open",
            Meaning =
                "A driver cannot let go of a device while it is used: the unbinding hangs and cannot be called back (NVRM: Attempting "
                + "to remove device with non-zero usage count), or the program ends with an error. A VFIO group that another program "
                + "has open is refused: failed to open /dev/vfio/N: Device or resource busy. Sound and other nodes that drivers take "
                + "away from their users are a warning.",
            Detection =
                "/proc/PID/fd of all processes against the device's nodes and the files that map its registers; while a driver is letting "
                + "go of it also against nodes that no device has any more. Root sees all of them; for an ordinary user it is unknown "
                + "where nothing was found.",
            Remedy =
                "End those programs, or let them close the device: the display server, nvidia-persistenced, a sound server, another "
                + "emulator.",
        },
    ];

    private const byte Storage = 0x01;
    private const byte Display = 0x03;
    private const byte Multimedia = 0x04;
    private const string Vfio = "/dev/vfio/";
    private static readonly string[] KeepTheDriver = [Vfio, "/dev/dri/", "/dev/nvidia", "/dev/nvme", "/dev/sd", "/dev/kfd", "/sys/devices/"];

    public ImmutableArray<string> ExplainedBy { get; } =
        [FindingIds.DeviceInUseByDomain, FindingIds.DeviceHoldsMountedFileSystem, FindingIds.DeviceHoldsSwap];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices)
        {
            if (device.Details?.IsBeingReleased == true && Orphans(context, device) is { IsEmpty: false } orphans)
            {
                yield return FindingFactory.Of(
                    FindingIds.DeviceHasOpenHandles,
                    FindingSeverity.Error,
                    $"the driver of {device.Address} was told to let go and waits for {string.Join(", ", orphans.Take(3).Select(handle => $"{handle.Command ?? "process"} ({handle.ProcessId})"))}"
                    + $"{(orphans.Length > 3 ? $" and {orphans.Length - 3} more" : "")}",
                    $"end these programs: {string.Join(", ", orphans.Select(handle => $"{handle.Command ?? "process"} ({handle.ProcessId})").Distinct())}; then the driver lets go by itself",
                    [.. orphans.Select(handle => new Evidence($"/proc/{handle.ProcessId}/fd", handle.ToString()))]);
                continue;
            }

            var handles = context.System.Usage[device.Address].OpenHandles;
            if (handles is { IsUnknown: true, Source.Length: > 0, Reason: not UsageReader.NotAskedFor })
            {
                yield return FindingFactory.Undetermined(FindingIds.DeviceHasOpenHandles, $"whether somebody has {device.Address} open", handles);
            }
            else if (handles is { IsKnown: true, Value: { IsEmpty: false } open })
            {
                yield return FindingFactory.Of(
                    FindingIds.DeviceHasOpenHandles,
                    open.Any(handle => KeepTheDriver.Any(path => handle.Path.StartsWith(path, StringComparison.Ordinal))) ? FindingSeverity.Error : FindingSeverity.Warning,
                    $"{device.Address} is open: {string.Join(", ", open.Take(3))}{(open.Length > 3 ? $" and {open.Length - 3} more" : "")}",
                    open.Any(handle => handle.Path.StartsWith(Vfio, StringComparison.Ordinal))
                        ? "another program owns its IOMMU group; end it first"
                        : $"end these programs first: {string.Join(", ", open.Select(handle => handle.Command ?? $"{handle.ProcessId}").Distinct())}",
                    [.. open.Select(handle => new Evidence($"/proc/{handle.ProcessId}/fd", handle.ToString()))]);
            }
        }
    }

    // Of what has a directory of its own the name says what kind of device it was of.
    private static ImmutableArray<OpenHandle> Orphans(ReadinessContext context, PciDevice device) =>
        context.System.Usage.OrphanedHandles is { IsKnown: true, Value: var orphans }
            ? [.. orphans.Where(handle => KindOf(handle.Path) is not { } kind || device.ClassCode?.BaseClass == kind)]
            : [];

    private static byte? KindOf(string path) =>
        path.StartsWith("/dev/snd/", StringComparison.Ordinal) ? Multimedia
        : path.StartsWith("/dev/dri/", StringComparison.Ordinal) ? Display
        : path.StartsWith("/dev/nvme", StringComparison.Ordinal) ? Storage
        : null;
}
