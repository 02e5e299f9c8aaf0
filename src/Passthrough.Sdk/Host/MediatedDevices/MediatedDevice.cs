namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>A mediated device that exists now.</summary>
/// <param name="Uuid">The UUID, which is its name in sysfs.</param>
/// <param name="Parent">The name of the device that created it: <c>0000:00:02.0</c>, <c>mtty</c>; null if this could not be read.</param>
/// <param name="Type">The type with which it was created: <c>nvidia-35</c>, <c>mtty-2</c>; null if this could not be read. Source: the link <c>mdev_type</c>.</param>
/// <param name="Driver">The driver to which it is bound; null for none. Source: the link <c>driver</c>.</param>
/// <param name="IommuGroupId">The number of its IOMMU group; null if it has none. Source: the link <c>iommu_group</c>.</param>
/// <remarks>Source: /sys/bus/mdev/devices/UUID (kernel: Documentation/driver-api/vfio-mediated-device.rst; <c>mdevctl list</c>). Thread safety: immutable.</remarks>
public sealed record MediatedDevice(Guid Uuid, string? Parent, string? Type, string? Driver, int? IommuGroupId);
