namespace Passthrough.Sdk.DesiredState;

/// <summary>A mediated device that exists, or does not.</summary>
/// <param name="Uuid">The UUID.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record MediatedDeviceState(Guid Uuid)
{
    /// <summary>Gets the name of the parent in sysfs: a PCI address, or another name such as <c>matrix</c>. Null only if <see cref="IsAbsent"/>.</summary>
    public string? Parent { get; init; }

    /// <summary>Gets the type: <c>nvidia-35</c>. Null only if <see cref="IsAbsent"/>.</summary>
    public string? Type { get; init; }

    /// <summary>Gets whether the device is also created at every boot, by a definition in mdevctl's files. False leaves a definition alone.</summary>
    public bool StartsAtBoot { get; init; }

    /// <summary>Gets whether the device does not exist, and is not defined either.</summary>
    public bool IsAbsent { get; init; }
}
