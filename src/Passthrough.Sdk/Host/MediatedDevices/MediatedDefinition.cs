using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>A mediated device that mdevctl knows: the file from which it is created after a boot.</summary>
/// <remarks>
/// Source: /etc/mdevctl.d/PARENT/UUID (<c>mdevctl list --defined</c>). libvirt stores its defined mediated devices in the same files
/// (<c>virsh nodedev-define</c>). Thread safety: immutable.
/// </remarks>
public sealed record MediatedDefinition
{
    /// <summary>Gets the name of the parent device: <c>0000:00:02.0</c>, <c>mtty</c>. Source: the name of the directory.</summary>
    public required string Parent { get; init; }

    /// <summary>Gets the UUID of the device. Source: the name of the file.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Gets the type from which the device is created: <c>nvidia-35</c>. Source: <c>mdev_type</c>.</summary>
    public required string Type { get; init; }

    /// <summary>
    /// Gets whether the device is created as soon as its parent appears, which is at boot. Otherwise it is created on request only
    /// (<c>mdevctl start</c>, <c>virsh nodedev-start</c>). Source: <c>start</c>, where every word other than <c>auto</c> means no.
    /// </summary>
    public bool IsAutomatic { get; init; }

    /// <summary>Gets the values that are written to the device's files in sysfs after its creation, in order. Source: <c>attrs</c>.</summary>
    public ValueList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>Gets the path of the file on the host.</summary>
    public string Path => MediatedDefinitionFile.PathOf(Parent, Uuid);

    /// <summary>Members of the file that this library does not know, with the text of their values: they are written back.</summary>
    internal ValueList<KeyValuePair<string, string>> Others { get; init; } = [];
}
