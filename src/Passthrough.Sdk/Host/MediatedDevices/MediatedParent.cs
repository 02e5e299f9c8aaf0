using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>A device that can create mediated devices. It need not be a PCI function.</summary>
/// <param name="Name">The name of the device in sysfs: <c>0000:00:02.0</c>, <c>mtty</c>.</param>
/// <param name="Driver">The driver to which it is bound; null for none, which is usual for a device that only exists in software. Source: the link <c>driver</c>.</param>
/// <param name="Types">The types that it can create, with their free instances, in the order of their names. Source: <c>mdev_supported_types</c>.</param>
/// <remarks>Source: /sys/class/mdev_bus/NAME (kernel: Documentation/driver-api/vfio-mediated-device.rst; <c>mdevctl types</c>). Thread safety: immutable.</remarks>
public sealed record MediatedParent(string Name, string? Driver, Fact<ValueList<MediatedDeviceType>> Types)
{
    /// <summary>Gets the address of the PCI function that this device is; null if it is not a PCI function.</summary>
    public PciAddress? Address => PciAddress.TryParse(Name, out var address) ? address : null;

    /// <summary>Returns a type; null if the device has no such type, or if <see cref="Types"/> is not known.</summary>
    /// <param name="id">The kernel's name of the type: <c>nvidia-35</c>.</param>
    public MediatedDeviceType? FindType(string id) => (Types.IsKnown ? Types.Value : []).FirstOrDefault(type => type.Id == id);
}
