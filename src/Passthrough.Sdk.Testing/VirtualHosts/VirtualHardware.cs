using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>The addresses of the devices in a <see cref="VirtualHost"/>. They are the same with every IOMMU.</summary>
/// <remarks>docs/virtual-host.md lists all devices. Thread safety: immutable.</remarks>
public static class VirtualHardware
{
    /// <summary>Gets the NIC 8086:10d3 (e1000e), which is alone in its IOMMU group: <c>0000:01:00.0</c>.</summary>
    public static PciAddress Nic { get; } = new(0, 1, 0, 0);

    /// <summary>Gets the NVMe disk 1b36:0010 of 64 MiB, which offers four virtual functions (SR-IOV): <c>0000:02:00.0</c>.</summary>
    public static PciAddress NvmeDisk { get; } = new(0, 2, 0, 0);

    /// <summary>Gets the first of two NICs 8086:100e (e1000) that share a group behind a PCIe-to-PCI bridge: <c>0000:04:01.0</c>.</summary>
    public static PciAddress SharedNic { get; } = new(0, 4, 1, 0);

    /// <summary>Gets the second of the two NICs that share a group: <c>0000:04:02.0</c>.</summary>
    public static PciAddress OtherSharedNic { get; } = new(0, 4, 2, 0);

    /// <summary>Gets the sound card 8086:293e (HD audio): <c>0000:00:1b.0</c>.</summary>
    public static PciAddress SoundCard { get; } = new(0, 0, 0x1b, 0);

    /// <summary>Gets the boot display 1234:1111: <c>0000:00:01.0</c>.</summary>
    public static PciAddress BootDisplay { get; } = new(0, 0, 1, 0);
}
