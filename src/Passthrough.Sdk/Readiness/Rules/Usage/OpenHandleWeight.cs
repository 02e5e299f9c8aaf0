using System.Collections.Frozen;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Judges how serious it is that a process has a node open.</summary>
internal static class OpenHandleWeight
{
    private const string SoundControl = "controlC";

    // Each opens a device that was added, or closed after a write, for a few milliseconds, to identify it for other programs.
    private static readonly FrozenSet<string> _udev = new[] { "systemd-udevd", "(udev-worker)", "udevd" }.ToFrozenSet(StringComparer.Ordinal);

    // They keep the control node of every card open while nothing plays, watch whether the card is removed, and close it then: in the lab,
    // PulseAudio and WirePlumber closed it within a second, while a process that does not watch blocked the driver until it was ended.
    private static readonly FrozenSet<string> _soundServers =
        new[] { "pulseaudio", "pipewire", "pipewire-media-", "pipewire-pulse", "wireplumber" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Returns whether the handle will soon be closed without any action.</summary>
    public static bool IsPassing(OpenHandle handle) => handle.Command is { } command && _udev.Contains(command);

    /// <summary>Returns the severity.</summary>
    public static FindingSeverity Of(OpenHandle handle) =>
        IsInput(handle) || (IsSoundControl(handle) && handle.Command is { } command && _soundServers.Contains(command)) ? FindingSeverity.Warning : FindingSeverity.Error;

    private static bool IsInput(OpenHandle handle) =>
        handle.Subsystem is { } subsystem ? subsystem == "input" : handle.Path.StartsWith("/dev/input/", StringComparison.Ordinal);

    private static bool IsSoundControl(OpenHandle handle) =>
        handle.DeviceName is { } name ? handle.Subsystem == "sound" && name.StartsWith(SoundControl, StringComparison.Ordinal)
            : handle.Path.StartsWith($"/dev/snd/{SoundControl}", StringComparison.Ordinal);
}
