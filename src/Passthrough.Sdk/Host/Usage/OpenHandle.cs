namespace Passthrough.Sdk.Host.Usage;

/// <summary>A process that has a device node open, or that has mapped one after it closed it.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Command">Its name in /proc/PID/comm; null if it was not readable.</param>
/// <param name="Path">The node as the process opened it, <c>/dev/dri/card0</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record OpenHandle(int ProcessId, string? Command, string Path)
{
    /// <summary>
    /// Gets the kernel's name of the device of the node, regardless of the node's path (<c>nvme0n1p1</c>, <c>pcmC0D0p</c>); null if it is not
    /// known. Source: where the link of the node's number in /sys/dev/char or /sys/dev/block leads.
    /// </summary>
    public string? DeviceName { get; init; }

    /// <summary>
    /// Gets the kernel's subsystem of that device, <c>block</c>, <c>sound</c>, <c>input</c>, <c>drm</c>; null if it is not known. Source: its link
    /// <c>subsystem</c>.
    /// </summary>
    public string? Subsystem { get; init; }

    /// <summary>Gets whether it is a mapping without an open descriptor. Source: /proc/PID/maps and /proc/PID/map_files.</summary>
    public bool IsMapping { get; init; }

    /// <summary>Returns the handle in a few words, for example <c>Xorg (1234) has /dev/dri/card0 open</c>.</summary>
    public override string ToString() => $"{Command ?? "process"} ({ProcessId}) has {Path} {(IsMapping ? "mapped" : "open")}";
}
