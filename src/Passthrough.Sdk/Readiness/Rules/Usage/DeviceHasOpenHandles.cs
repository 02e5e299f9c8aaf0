using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports processes of the host that have the device open.</summary>
internal sealed class DeviceHasOpenHandles : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHasOpenHandles,
            Severity = FindingSeverity.Error,
            Title = "processes of the host have the device open",
            Meaning =
                "A driver cannot release a device while it is in use. The unbinding hangs and cannot be cancelled (NVRM: "
                + "Attempting to remove device with non-zero usage count), and libvirtd hangs with it until the program ends; or "
                + "the program fails and loses its work. Opening a VFIO group that another program has open fails: failed to open "
                + "/dev/vfio/N: Device or resource busy. The sound driver waits until every node of the card is closed, including "
                + "the control node. Two kinds of handles are only a warning: the control node of a sound card that PulseAudio or "
                + "PipeWire has open, because these keep it open while they are idle and close it when the card is removed, and "
                + "input devices, because the login manager keeps them open and the driver removes them without waiting.",
            Detection =
                "/proc/PID/fd and /proc/PID/maps of all processes are compared with the device's nodes, by their numbers "
                + "(/sys/dev/char, /sys/dev/block) and independently of their paths: disks, partitions, volumes and arrays on them, "
                + "NVMe controllers and their generic nodes, sound, video, serial, USB, GPU and VFIO nodes; and with the files that "
                + "map its registers. While a driver is releasing the device, nodes that no longer belong to a device are included. "
                + "Short accesses by udev's workers do not count. Root sees all processes; for an ordinary user, the result is "
                + "unknown if nothing was found.",
            Remedy =
                "End those programs, or make them close the device: the display server, nvidia-persistenced, a media player, a "
                + "guest that has the disk or a volume on it, another emulator. To make a sound server release the card: pactl "
                + "set-card-profile CARD off, or systemctl --user stop pipewire pulseaudio.",
        },
    ];

    private const byte Storage = 0x01;
    private const byte Display = 0x03;
    private const byte Multimedia = 0x04;
    private const string Vfio = "/dev/vfio/";

    public ValueList<string> ExplainedBy { get; } =
        [FindingIds.DeviceInUseByDomain, FindingIds.DeviceHoldsMountedFileSystem, FindingIds.DeviceHoldsSwap];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var reached = context.Reached.ToHashSet();
        foreach (var device in context.Snapshot.Devices.Where(device => reached.Contains(device.Address)))
        {
            if (device.Details?.IsBeingReleased == true && Orphans(context, device) is { IsEmpty: false } orphans)
            {
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceHasOpenHandles,
                    FindingSeverity.Error,
                    $"the driver of {device.Address} is being unbound and waits for {string.Join(", ", orphans.Take(3).Select(handle => $"{handle.Command ?? "process"} ({handle.ProcessId})"))}"
                    + $"{(orphans.Count > 3 ? $" and {orphans.Count - 3} more" : "")}",
                    $"end these programs: {string.Join(", ", orphans.Select(handle => $"{handle.Command ?? "process"} ({handle.ProcessId})").Distinct())}; then the driver releases the device",
                    [.. orphans.Select(handle => new Evidence($"/proc/{handle.ProcessId}/fd", handle.ToString()))]);
                continue;
            }

            var handles = context.System.Usage[device.Address].OpenHandles;
            if (handles is { IsUnknown: true, Source.Length: > 0, Reason: not UsageReader.NotAskedFor })
            {
                yield return FindingFactory.Undetermined([device.Address], FindingIds.DeviceHasOpenHandles, $"whether a process has {device.Address} open", handles);
            }
            else if (handles.IsKnown && handles.Value.Where(handle => !OpenHandleWeight.IsPassing(handle) && !IsOfTarget(context, device, handle)).ToValueList() is { IsEmpty: false } open)
            {
                var severity = open.Max(OpenHandleWeight.Of);
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceHasOpenHandles,
                    severity,
                    $"{device.Address} is open: {string.Join(", ", open.Take(3))}{(open.Count > 3 ? $" and {open.Count - 3} more" : "")}",
                    Remedy(open, severity),
                    [.. open.Select(handle => new Evidence($"/proc/{handle.ProcessId}/{(handle.IsMapping ? "maps" : "fd")}", handle.ToString()))]);
            }
        }
    }

    // The domain of the plan has a function of the group: its own emulator has the group open, which no other program can open meanwhile.
    private static bool IsOfTarget(ReadinessContext context, PciDevice device, OpenHandle handle) =>
        context.Target is { } target
        && handle.Path.StartsWith(Vfio, StringComparison.Ordinal)
        && (target.Has(device.Address)
            || (device.IommuGroupId is { } group && context.Snapshot.Devices.Any(other => other.IommuGroupId == group && target.Has(other.Address))));

    private static string Remedy(ValueList<OpenHandle> open, FindingSeverity severity)
    {
        if (open.Any(handle => handle.Path.StartsWith(Vfio, StringComparison.Ordinal)))
        {
            return "another program owns its IOMMU group; end it first";
        }

        var programs = string.Join(", ", open
            .Where(handle => OpenHandleWeight.Of(handle) == severity)
            .Select(handle => $"{handle.Command ?? "process"} ({handle.ProcessId})").Distinct(StringComparer.Ordinal));
        return severity == FindingSeverity.Error
            ? $"end these programs first, or make them close it: {programs}"
            : $"nothing has to be done as long as these programs close it when the device is removed, as they usually do; to be safe, end them first: {programs}";
    }

    // For a node in a directory of its own, the name shows the kind of device.
    private static ValueList<OpenHandle> Orphans(ReadinessContext context, PciDevice device) =>
        context.System.Usage.OrphanedHandles is { IsKnown: true, Value: var orphans }
            ? [.. orphans.Where(handle => KindOf(handle.Path) is not { } kind || device.ClassCode?.BaseClass == kind)]
            : [];

    private static byte? KindOf(string path) =>
        path.StartsWith("/dev/snd/", StringComparison.Ordinal) ? Multimedia
        : path.StartsWith("/dev/dri/", StringComparison.Ordinal) ? Display
        : path.StartsWith("/dev/nvme", StringComparison.Ordinal) ? Storage
        : null;
}
