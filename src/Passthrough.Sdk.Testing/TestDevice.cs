using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>One PCI function of a <see cref="TestHost"/> as it is described, before its files are made.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Vendor">Vendor id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Class">Class, subclass and programming interface.</param>
/// <param name="Driver">The driver of the host for it; null for none.</param>
internal sealed record TestDevice(PciAddress Address, ushort Vendor, ushort Device, int Class, string? Driver)
{
    /// <summary>The number of its IOMMU group; null if the description does not name one.</summary>
    public int? Group { get; init; }

    /// <summary>The conventional bridge above it; null for a root port.</summary>
    public PciAddress? Bridge { get; init; }

    /// <summary>Whether it is taken from the host's driver.</summary>
    public bool IsTaken { get; init; }

    /// <summary>The driver for guests that has taken it; null for none.</summary>
    public string? GuestDriver { get; init; }

    public int NumaNode { get; init; } = -1;

    /// <summary>The network interface; null for none.</summary>
    public string? Interface { get; init; }

    /// <summary>The address of the network interface with its prefix length; null for none.</summary>
    public string? IpAddress { get; init; }

    /// <summary>Whether it is a disk.</summary>
    public bool IsDisk { get; init; }

    /// <summary>Where its disk is mounted; null for nowhere.</summary>
    public string? MountPoint { get; init; }

    /// <summary>Whether the firmware showed its messages on it; null for what is no display.</summary>
    public bool? IsBootDisplay { get; init; }
}
