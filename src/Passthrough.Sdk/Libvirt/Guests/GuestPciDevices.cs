using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The PCI devices that the operating system of a guest lists.</summary>
/// <param name="Devices">The devices, in the guest's order.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record GuestPciDevices(ValueList<GuestPciDevice> Devices)
{
    /// <summary>
    /// Gets the vendors whose devices are listed; null if all devices are. The agent on Windows (<c>guest-get-devices</c>) lists only devices of
    /// Red Hat (1af4, 1b36), so there it is unknown whether the guest has a device of another vendor.
    /// </summary>
    public ValueList<ushort>? Vendors { get; init; }
}
