using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>The mediated devices of a host: what can be created, what exists, and what is created after a boot.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record MediatedDeviceStatus
{
    /// <summary>
    /// Gets the devices that can create mediated devices, in the order of their names. Absent if the kernel's mdev module is not loaded.
    /// Source: /sys/class/mdev_bus (<c>mdevctl types</c>).
    /// </summary>
    public Fact<ValueList<MediatedParent>> Parents { get; init; }

    /// <summary>
    /// Gets the mediated devices that exist, in the order of their UUIDs. Absent if the kernel's mdev module is not loaded.
    /// Source: /sys/bus/mdev/devices (<c>mdevctl list</c>).
    /// </summary>
    public Fact<ValueList<MediatedDevice>> Devices { get; init; }

    /// <summary>
    /// Gets the definitions in mdevctl's files, in the order of their paths. Absent if there is no /etc/mdevctl.d.
    /// Source: /etc/mdevctl.d (<c>mdevctl list --defined</c>).
    /// </summary>
    public Fact<ValueList<MediatedDefinition>> Definitions { get; init; }

    /// <summary>
    /// Gets the files in /etc/mdevctl.d that could not be read or are not definitions. mdevctl lists and starts no device at all as long
    /// as there is a file with a UUID as its name that is not a definition.
    /// </summary>
    public ValueList<UnreadSource> UnreadDefinitions { get; init; } = [];

    /// <summary>Gets the udev rule that creates the defined devices at boot. Absent if no rule creates them, as on a host without mdevctl.</summary>
    public Fact<MediatedStarter> Starter { get; init; }

    /// <summary>Returns a parent; null if no parent has this name, or if <see cref="Parents"/> is not known.</summary>
    /// <param name="name">The name in sysfs: <c>0000:00:02.0</c>, <c>mtty</c>.</param>
    public MediatedParent? FindParent(string name) => (Parents.IsKnown ? Parents.Value : []).FirstOrDefault(parent => parent.Name == name);

    /// <summary>Returns a device; null if no device has this UUID, or if <see cref="Devices"/> is not known.</summary>
    /// <param name="uuid">The UUID.</param>
    public MediatedDevice? FindDevice(Guid uuid) => (Devices.IsKnown ? Devices.Value : []).FirstOrDefault(device => device.Uuid == uuid);

    /// <summary>Returns the definitions of a device; the same UUID may be defined for several parents. Empty if <see cref="Definitions"/> is not known.</summary>
    /// <param name="uuid">The UUID.</param>
    public ValueList<MediatedDefinition> FindDefinitions(Guid uuid) =>
        [.. (Definitions.IsKnown ? Definitions.Value : []).Where(definition => definition.Uuid == uuid)];
}
