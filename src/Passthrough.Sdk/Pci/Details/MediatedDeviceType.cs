using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Details;

/// <summary>A type of mediated device that a device can create.</summary>
/// <param name="Id">The kernel's name: <c>nvidia-35</c>, <c>i915-GVTg_V5_4</c>.</param>
/// <param name="Name">The vendor's name; null if there is none. Source: <c>name</c>.</param>
/// <param name="Description">The vendor's description; null if there is none. Source: <c>description</c>.</param>
/// <param name="DeviceApi">The kernel's interface to it: <c>vfio-pci</c>. Source: <c>device_api</c>.</param>
/// <param name="AvailableInstances">The number of instances that can still be created. Source: <c>available_instances</c>.</param>
/// <param name="Instances">The UUIDs of the existing instances. Source: the names in <c>devices</c>.</param>
/// <remarks>Source: <c>mdev_supported_types/ID</c> (kernel: Documentation/driver-api/vfio-mediated-device.rst). Thread safety: immutable.</remarks>
public sealed record MediatedDeviceType(
    string Id, string? Name, string? Description, string? DeviceApi, int? AvailableInstances, ValueList<string> Instances);
