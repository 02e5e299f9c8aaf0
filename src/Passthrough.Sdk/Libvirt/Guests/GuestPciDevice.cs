using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt;

/// <summary>A PCI device as the operating system of a guest lists it.</summary>
/// <param name="VendorId">Vendor id.</param>
/// <param name="DeviceId">Device id.</param>
/// <remarks>The guest reports it, so it is a claim of the guest and not a fact of the host. Thread safety: immutable.</remarks>
public sealed record GuestPciDevice(ushort VendorId, ushort DeviceId)
{
    /// <summary>
    /// Gets the address inside the guest, which is not that on the host; null if the guest does not report it (Windows). Source:
    /// <c>/proc/bus/pci/devices</c>, which names no PCI domain, so that it is always 0000; else <c>/sys/bus/pci/devices</c>.
    /// </summary>
    public PciAddress? Address { get; init; }

    /// <summary>Gets the driver that the guest has bound to it; null if no driver is bound. On Windows it is the name that the driver is shown with.</summary>
    public string? Driver { get; init; }

    /// <summary>Returns a text of the form <c>8086:10d3 at 0000:05:00.0 with the driver e1000e</c>.</summary>
    public override string ToString() =>
        $"{VendorId:x4}:{DeviceId:x4}{(Address is { } address ? $" at {address}" : "")}{(Driver is null ? "" : $" with the driver {Driver}")}";
}
