namespace Passthrough.Sdk.Host.Usage;

/// <summary>A process that has a device node open.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Command">Its name as /proc/PID/comm has it; null where that was not readable.</param>
/// <param name="Path">The node, <c>/dev/dri/card0</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record OpenHandle(int ProcessId, string? Command, string Path)
{
    /// <summary><c>Xorg (1234) has /dev/dri/card0 open</c>.</summary>
    public override string ToString() => $"{Command ?? "process"} ({ProcessId}) has {Path} open";
}
