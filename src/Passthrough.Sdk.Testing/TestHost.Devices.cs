using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <content>The devices, and what describes them.</content>
public sealed partial class TestHost
{
    private const int LastFunction = 7;

    /// <summary>Adds a NIC (Intel 82574L) with its driver and an interface that is not in use.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <exception cref="ArgumentException">The host has a device at this address.</exception>
    /// <exception cref="FormatException">The address is invalid.</exception>
    public TestHost WithNic(string address)
    {
        var at = PciAddress.Parse(address);
        return Add(new TestDevice(at, 0x8086, 0x10d3, 0x020000, "e1000e") { Interface = InterfaceOf(at) });
    }

    /// <summary>Adds a GPU with its sound function at the next function of the slot; both share a group. It is not the boot display.</summary>
    /// <param name="address">The address of the display; the domain may be left out.</param>
    /// <inheritdoc cref="WithNic" path="/exception"/>
    public TestHost WithGpu(string address)
    {
        var at = PciAddress.Parse(address);
        if (at.Function == LastFunction)
        {
            throw new ArgumentException($"the GPU at {at} has no next function for its sound; choose another function", nameof(address));
        }

        return Add(
            new TestDevice(at, 0x10de, 0x1c82, 0x030000, "nouveau") { IsBootDisplay = false },
            new TestDevice(new(at.Domain, at.Bus, at.Slot, (byte)(at.Function + 1)), 0x10de, 0x0fb9, 0x040300, "snd_hda_intel"));
    }

    /// <summary>Adds an NVMe disk that is not in use.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <inheritdoc cref="WithNic" path="/exception"/>
    public TestHost WithDisk(string address) => Add(DiskAt(address));

    /// <summary>Adds an NVMe disk with a file system that the host has mounted, so that the host cannot lose it.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <param name="mountPoint">Where it is mounted, an absolute path: <c>/srv</c>.</param>
    /// <exception cref="ArgumentException">The host has a device at this address, or the path is not absolute.</exception>
    /// <exception cref="FormatException">The address is invalid.</exception>
    public TestHost WithMountedDisk(string address, string mountPoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(mountPoint);
        if (mountPoint[0] != '/')
        {
            throw new ArgumentException($"'{mountPoint}' is not an absolute path, as the mount point of a disk is", nameof(mountPoint));
        }

        return Add(DiskAt(address) with { MountPoint = mountPoint });
    }

    /// <summary>Adds a sound card with its driver, which is not in use.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <inheritdoc cref="WithNic" path="/exception"/>
    public TestHost WithSoundCard(string address) => Add(new TestDevice(PciAddress.Parse(address), 0x8086, 0x293e, 0x040300, "snd_hda_intel"));

    /// <summary>Adds a USB controller with its driver and without devices.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <inheritdoc cref="WithNic" path="/exception"/>
    public TestHost WithUsbController(string address) => Add(new TestDevice(PciAddress.Parse(address), 0x1b36, 0x000d, 0x0c0330, "xhci_hcd"));

    /// <summary>Adds another PCI function.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <param name="vendor">Vendor id.</param>
    /// <param name="device">Device id.</param>
    /// <param name="class">Class, subclass and programming interface, 24 bits.</param>
    /// <param name="driver">The bound driver; null for none.</param>
    /// <inheritdoc cref="WithNic" path="/exception"/>
    public TestHost WithDevice(string address, ushort vendor, ushort device, int @class, string? driver = null) =>
        Add(new TestDevice(PciAddress.Parse(address), vendor, device, @class, driver));

    /// <summary>The card that was added last is in this IOMMU group, which it may share with others.</summary>
    /// <param name="group">The number of the group. Other functions of the slot share it unless they have one of their own. A Xen dom0, and a host whose IOMMU is off, show no groups.</param>
    /// <exception cref="InvalidOperationException">The host has no device yet.</exception>
    public TestHost InGroup(int group) => OfCard(function => function with { Group = group });

    /// <summary>
    /// The card that was added last is bound to this driver. One for guests, and null, take all its functions from the host's drivers, to which they can
    /// return. Another one is the host's driver of its first function.
    /// </summary>
    /// <param name="driver">The driver: <c>vfio-pci</c>, in a Xen dom0 <c>pciback</c>; <c>igb</c>; null for none.</param>
    /// <exception cref="InvalidOperationException">The host has no device yet, or the disk is mounted.</exception>
    public TestHost BoundTo(string? driver)
    {
        var isForGuests = driver is "vfio-pci" or "pciback";
        return OfCard(function => driver is not null && !isForGuests ? (function.Address == _devices[_card].Address ? function with { Driver = driver, IsTaken = false, GuestDriver = null } : function)
            : function.MountPoint is not null ? throw new InvalidOperationException($"the disk of {function.Address} is mounted, so it has its driver; use WithDisk")
            : function with { IsTaken = true, GuestDriver = driver });
    }

    /// <summary>The card that was added last is on this NUMA node.</summary>
    /// <param name="node">The number of the node.</param>
    /// <exception cref="InvalidOperationException">The host has no device yet.</exception>
    public TestHost OnNumaNode(int node) => OfCard(function => function with { NumaNode = node });

    /// <summary>The card that was added last is below a conventional PCI bridge, so all cards below that bridge share its IOMMU group.</summary>
    /// <param name="bridge">The bridge's address on a root bus. It is added with the first card; all cards below it are on the same bus.</param>
    /// <exception cref="InvalidOperationException">
    /// The host has no device yet. At the first use: the cards below the bridge are on different buses or in different groups, or the bridge was added by another call.
    /// </exception>
    /// <exception cref="FormatException">The address is invalid.</exception>
    public TestHost BehindBridge(string bridge)
    {
        var at = PciAddress.Parse(bridge);
        return OfCard(function => function with { Bridge = at });
    }

    /// <summary>The NIC that was added last has an address, so the host uses it.</summary>
    /// <param name="address">The address with its prefix length: <c>192.0.2.10/24</c>.</param>
    /// <exception cref="InvalidOperationException">The card that was added last is not a NIC.</exception>
    public TestHost WithIpAddress(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return OfCard(function => function.Interface is null
            ? throw new InvalidOperationException($"{function.Address} has no network interface; use WithIpAddress after WithNic")
            : function with { IpAddress = address });
    }

    /// <summary>The GPU that was added last is the boot display.</summary>
    /// <exception cref="InvalidOperationException">The card that was added last has no display.</exception>
    public TestHost AsBootDisplay() => OfCard(function => function.IsBootDisplay is null && function.Address == _devices[_card].Address
        ? throw new InvalidOperationException($"{function.Address} is not a display; use AsBootDisplay after WithGpu")
        : function.IsBootDisplay is null ? function : function with { IsBootDisplay = true });

    private static TestDevice DiskAt(string address) => new(PciAddress.Parse(address), 0x1b36, 0x0010, 0x010802, "nvme") { IsDisk = true };
}
