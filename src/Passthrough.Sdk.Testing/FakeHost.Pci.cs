using System.Globalization;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing.Trees;

namespace Passthrough.Sdk.Testing;

public sealed partial class FakeHost
{
    private const int BridgeClass = 0x060400;

    /// <summary>Returns the directory of a PCI function in the host's device tree: <c>/sys/devices/pci0000:00/0000:00:1c.0</c>.</summary>
    /// <param name="address">A function that was added before.</param>
    /// <exception cref="KeyNotFoundException">No such function was added.</exception>
    public string DevicePath(string address) =>
        _devices.TryGetValue(PciAddress.Parse(address), out var path)
            ? path
            : throw new KeyNotFoundException($"the fake host has no PCI function {address}; add it first");

    /// <summary>Adds a PCI function with the files and links that a kernel creates for it.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <param name="vendor">Vendor id.</param>
    /// <param name="device">Device id.</param>
    /// <param name="class">Class, subclass and programming interface, 24 bits.</param>
    /// <param name="driver">The bound driver, which is created if it does not exist; null for none.</param>
    /// <param name="iommuGroup">The IOMMU group, which is created if it does not exist; null for none.</param>
    /// <param name="parent">The bridge above it, which was added before; null for a root bus.</param>
    /// <param name="subsystemVendor">Subsystem vendor id; 0 for a device without one.</param>
    /// <param name="subsystemDevice">Subsystem device id.</param>
    /// <param name="revision">Revision.</param>
    /// <param name="numaNode">NUMA node; -1 for none, as in the kernel.</param>
    /// <param name="physicalFunction">The physical function of a virtual function, which was added before; null for other functions.</param>
    /// <param name="config">The configuration space; null for 256 bytes with a header that matches the other parameters, without capabilities.</param>
    /// <exception cref="FormatException">An address is invalid.</exception>
    /// <exception cref="KeyNotFoundException">The parent or the physical function was not added.</exception>
    public FakeHost AddPciDevice(
        string address,
        ushort vendor = 0x1af4,
        ushort device = 0x1041,
        int @class = 0x020000,
        string? driver = null,
        int? iommuGroup = null,
        string? parent = null,
        ushort subsystemVendor = 0,
        ushort subsystemDevice = 0,
        byte revision = 0,
        int numaNode = -1,
        string? physicalFunction = null,
        byte[]? config = null)
    {
        var at = PciAddress.Parse(address);
        var above = physicalFunction is not null ? HostPath.DirectoryOf(DevicePath(physicalFunction))
            : parent is not null ? DevicePath(parent)
            : string.Create(CultureInfo.InvariantCulture, $"/sys/devices/pci{at.Domain:x4}:{at.Bus:x2}");
        var path = $"{above}/{at}";
        _devices.Add(at, path);
        AddDirectory(path);
        AddLink($"/sys/bus/pci/devices/{at}", path);
        AddLink($"{path}/subsystem", "/sys/bus/pci");

        var ids = new FakePciIds(vendor, device, subsystemVendor, subsystemDevice, @class, revision);
        foreach (var (name, content) in ids.Attributes())
        {
            WriteFile($"{path}/{name}", content);
        }

        WriteFile($"{path}/numa_node", string.Create(CultureInfo.InvariantCulture, $"{numaNode}\n"));
        WriteFile($"{path}/enable", driver is null ? "0\n" : "1\n");
        WriteFile($"{path}/driver_override", "(null)\n");
        WriteFile($"{path}/power_state", "D0\n");
        WriteFile($"{path}/irq", "0\n");
        WriteFile($"{path}/local_cpulist", "0-1\n");
        WriteFile($"{path}/resource", string.Concat(Enumerable.Repeat("0x0000000000000000 0x0000000000000000 0x0000000000000000\n", 7)));
        WriteFile($"{path}/config", config ?? ids.Configuration());
        WriteFile($"{path}/uevent", ids.Uevent(at, driver));
        if (driver is not null)
        {
            _natural[at] = driver;
            AddPciDriver(driver);
            AddLink($"{path}/driver", $"/sys/bus/pci/drivers/{driver}");
            AddLink($"/sys/bus/pci/drivers/{driver}/{at}", path);
        }

        if (iommuGroup is { } group)
        {
            AddIommuGroup(group);
            AddLink($"{path}/iommu_group", GroupPath(group));
            AddLink($"{GroupPath(group)}/devices/{at}", path);
        }

        if (physicalFunction is not null)
        {
            AddVirtualFunction(DevicePath(physicalFunction), path);
        }

        return this;
    }

    /// <summary>Adds a PCI-to-PCI bridge: a function of class 0604 with a type 1 header, which can be the parent of others.</summary>
    /// <param name="address">Its address; the domain may be left out.</param>
    /// <param name="secondaryBus">The bus below it.</param>
    /// <param name="subordinateBus">The highest bus below it; null for <paramref name="secondaryBus"/>.</param>
    /// <param name="vendor">Vendor id.</param>
    /// <param name="device">Device id.</param>
    /// <param name="driver">The bound driver; null for none.</param>
    /// <param name="iommuGroup">The IOMMU group; null for none.</param>
    /// <param name="parent">The bridge above it, which was added before; null for a root bus.</param>
    /// <param name="config">The configuration space; null for 256 bytes with a type 1 header, without capabilities.</param>
    /// <exception cref="FormatException">An address is invalid.</exception>
    /// <exception cref="KeyNotFoundException">The parent was not added.</exception>
    public FakeHost AddPciBridge(
        string address,
        byte secondaryBus,
        byte? subordinateBus = null,
        ushort vendor = 0x1b36,
        ushort device = 0x000c,
        string? driver = "pcieport",
        int? iommuGroup = null,
        string? parent = null,
        byte[]? config = null)
    {
        var last = subordinateBus ?? secondaryBus;
        config ??= new FakePciIds(vendor, device, 0, 0, BridgeClass, 0).BridgeConfiguration(PciAddress.Parse(address).Bus, secondaryBus, last);
        AddPciDevice(address, vendor, device, BridgeClass, driver, iommuGroup, parent, config: config);
        WriteAttribute(address, "secondary_bus_number", string.Create(CultureInfo.InvariantCulture, $"{secondaryBus}\n"));
        return WriteAttribute(address, "subordinate_bus_number", string.Create(CultureInfo.InvariantCulture, $"{last}\n"));
    }

    /// <summary>Adds a driver of the PCI bus with its control files; an existing driver is not changed.</summary>
    /// <param name="name">The driver's name in sysfs, for example <c>vfio-pci</c>.</param>
    public FakeHost AddPciDriver(string name)
    {
        var path = $"/sys/bus/pci/drivers/{name}";
        if (HasDirectory(path))
        {
            return this;
        }

        foreach (var file in (ReadOnlySpan<string>)["bind", "unbind", "new_id", "remove_id", "uevent"])
        {
            WriteFile($"{path}/{file}", "");
        }

        return this;
    }

    /// <summary>Adds an IOMMU group, or changes the type and the reserved regions of an existing one.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="type">Its default domain: <c>DMA</c>, <c>DMA-FQ</c>, <c>identity</c>, <c>blocked</c>.</param>
    /// <param name="reservedRegions">
    /// The regions, as the kernel writes them (<c>0x000000009f000000 0x000000009f7fffff direct</c>); empty for the
    /// interrupt window of x86.
    /// </param>
    public FakeHost AddIommuGroup(int id, string type = "DMA", params ReadOnlySpan<string> reservedRegions)
    {
        var path = GroupPath(id);
        var regions = reservedRegions.Length > 0 ? string.Join('\n', reservedRegions!) : "0x00000000fee00000 0x00000000feefffff msi";
        if (reservedRegions.Length > 0 || !HasDirectory(path))
        {
            WriteFile($"{path}/type", $"{type}\n");
            WriteFile($"{path}/reserved_regions", $"{regions}\n");
        }

        return AddDirectory($"{path}/devices");
    }

    /// <summary>Writes a file of a PCI function.</summary>
    /// <param name="address">A function that was added before.</param>
    /// <param name="name">The file's name, for example <c>reset_method</c> or <c>power/control</c>.</param>
    /// <param name="content">The content.</param>
    /// <exception cref="KeyNotFoundException">No such function was added.</exception>
    public FakeHost WriteAttribute(string address, string name, string content) => WriteFile($"{DevicePath(address)}/{name}", content);

    private static string GroupPath(int id) => string.Create(CultureInfo.InvariantCulture, $"/sys/kernel/iommu_groups/{id}");

    private void AddVirtualFunction(string physical, string path)
    {
        AddLink($"{path}/physfn", physical);
        var index = 0;
        while (Exists($"{physical}/virtfn{index}"))
        {
            index++;
        }

        AddLink($"{physical}/virtfn{index}", path);
        WriteFile($"{physical}/sriov_numvfs", string.Create(CultureInfo.InvariantCulture, $"{index + 1}\n"));
        if (!Exists($"{physical}/sriov_drivers_autoprobe"))
        {
            WriteFile($"{physical}/sriov_drivers_autoprobe", "1\n");
        }

        WriteFile($"{physical}/sriov_totalvfs", string.Create(CultureInfo.InvariantCulture, $"{Math.Max(8, index + 1)}\n"));
    }
}
