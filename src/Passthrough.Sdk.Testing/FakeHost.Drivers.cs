using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Testing;

/// <content>A host that acts: the changes that a kernel makes to the tree.</content>
public sealed partial class FakeHost
{
    private const string GuestDriver = "vfio-pci";
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    private readonly Dictionary<PciAddress, string> _natural = [];

    /// <summary>
    /// Gets the delegate that is called before each write to a file of the kernel with the file's path and the text; returns the errno that the write fails
    /// with, or 0 or null for success. A setting of a virtual function is no file: the delegate gets <c>ip link set enp1s0 vf 0</c> and <c>vlan 100</c>. The delegate may block, as a driver that waits for its users does.
    /// </summary>
    /// <example><code>fake.Writing = (path, _) => path.EndsWith("/unbind") ? 16 : 0; // EBUSY</code></example>
    public Func<string, string, int?>? Writing { get; set; }

    /// <summary>
    /// Opens the host as one that plans and acts, only on its own tree: drivers are bound and unbound as the kernel does it,
    /// and virtual functions are created and removed. Nothing on this machine is changed.
    /// </summary>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <remarks>The journal is in the tree as well, regardless of the directory in the plan's options. A domain of a real libvirt is refused.</remarks>
    public IPassthroughHost Open(TimeProvider? timeProvider = null)
    {
        ISysfs files = LinuxSysfs.TryOpen(Root, out var linux) == Errno.Success ? linux! : new FileSystemSysfs(new System.IO.Abstractions.FileSystem(), Root);
        WriteFile("/sys/bus/pci/drivers_probe", "");
        if (!Path.Exists(PathOf(BootId)))
        {
            WriteFile(BootId, $"{Guid.NewGuid()}\n");
        }

        _isOpen = true;
        WriteNetworks();
        return PassthroughHost.Fake(new FakeKernel(files, this), Root, timeProvider);
    }

    /// <summary>Gets the driver that a function is bound to; null if none is.</summary>
    /// <param name="address">A function that was added before.</param>
    /// <exception cref="KeyNotFoundException">No such function was added.</exception>
    public string? DriverOf(string address) => DriverOf(PciAddress.Parse(address));

    /// <summary>One lock for the kernel and the libvirt of this host, however often it is opened.</summary>
    internal Lock Gate { get; } = new();

    internal IReadOnlyCollection<PciAddress> Addresses
    {
        get
        {
            lock (Gate)
            {
                return [.. _devices.Keys];
            }
        }
    }

    internal bool Has(PciAddress device) => _devices.ContainsKey(device);

    internal bool HasDriver(string driver) => Directory.Exists(PathOf($"/sys/bus/pci/drivers/{driver}"));

    internal string? DriverOf(PciAddress device) =>
        new FileInfo(PathOf($"{DevicePath(device.ToString())}/driver")).LinkTarget is { } target ? Path.GetFileName(target) : null;

    /// <summary>Whether a driver may bind to a device: the one that its override names, otherwise the one with which it was added.</summary>
    internal bool Matches(PciAddress device, string driver) => (OverrideOf(device) ?? _natural.GetValueOrDefault(device)) == driver;

    internal int Bind(PciAddress device, string driver)
    {
        var path = DevicePath(device.ToString());
        AddLink($"{path}/driver", $"/sys/bus/pci/drivers/{driver}");
        AddLink($"/sys/bus/pci/drivers/{driver}/{device}", path);
        WriteUevent(device, driver);
        WriteFile($"{path}/enable", "1\n");
        if (driver == _natural.GetValueOrDefault(device))
        {
            ShowInterface(device);
            ShowDisk(device);
        }

        return Errno.Success;
    }

    internal int Unbind(PciAddress device)
    {
        if (DriverOf(device) is { } driver)
        {
            Remove($"{DevicePath(device.ToString())}/driver");
            Remove($"/sys/bus/pci/drivers/{driver}/{device}");
            WriteUevent(device, null);
            WriteAttribute(device.ToString(), "enable", "0\n");
            HideInterface(device);
            HideDisk(device);
        }

        return Errno.Success;
    }

    internal int Probe(PciAddress device)
    {
        if (DriverOf(device) is null && (OverrideOf(device) ?? _natural.GetValueOrDefault(device)) is { } driver && (driver != GuestDriver || OverrideOf(device) == driver) && HasDriver(driver))
        {
            return Bind(device, driver);
        }

        return Errno.Success;
    }

    /// <summary>Binds a device to the driver for guests, as libvirt does for a managed device.</summary>
    internal void TakeForGuest(PciAddress device) => Take(device, GuestDriver);

    /// <summary>Takes a device from its driver, and binds it to one for guests unless that is null.</summary>
    internal void Take(PciAddress device, string? guestDriver)
    {
        Unbind(device);
        if (guestDriver is not null)
        {
            AddPciDriver(guestDriver);
            WriteAttribute(device.ToString(), "driver_override", $"{guestDriver}\n");
            Bind(device, guestDriver);
        }
    }

    /// <summary>Returns a device to the host, as libvirt does: the override is cleared, even if another program set it.</summary>
    internal void GiveBack(PciAddress device)
    {
        WriteAttribute(device.ToString(), "driver_override", "(null)\n");
        Unbind(device);
        Probe(device);
    }

    internal int ChooseResetMethods(string device, string methods)
    {
        if (!Path.Exists(PathOf($"{DevicePath(device)}/reset_method")))
        {
            return Errno.NotFound;
        }

        WriteAttribute(device, "reset_method", $"{methods}\n");
        return Errno.Success;
    }

    internal int SetVirtualFunctions(PciAddress physical, int count)
    {
        var path = DevicePath(physical.ToString());
        if (!Path.Exists(PathOf($"{path}/sriov_totalvfs")) || !Path.Exists(PathOf($"{path}/sriov_numvfs")))
        {
            return Errno.NotFound;
        }

        var now = NumberOf(path, "sriov_numvfs");
        if (count > NumberOf(path, "sriov_totalvfs"))
        {
            return Errno.OutOfRange;
        }

        if (now > 0 && count > 0)
        {
            return Errno.Busy;
        }

        if (OffsetOf(physical, count) is not { } offset)
        {
            return Errno.NoMemory;
        }

        ForgetFunctions(physical);
        for (var index = 0; index < now; index++)
        {
            var function = Path.GetFileName(new FileInfo(PathOf($"{path}/virtfn{index}")).LinkTarget!);
            RemovePciDevice(PciAddress.Parse(function));
            Remove($"{path}/virtfn{index}");
        }

        for (var index = 0; index < count; index++)
        {
            var total = NumberOf(path, "sriov_totalvfs");
            AddPciDevice(VirtualFunction(physical, offset + index).ToString(), physicalFunction: physical.ToString(), iommuGroup: NextGroup());
            WriteFile($"{path}/sriov_totalvfs", string.Create(CultureInfo.InvariantCulture, $"{total}\n"));
        }

        WriteFile($"{path}/sriov_numvfs", string.Create(CultureInfo.InvariantCulture, $"{count}\n"));
        WriteNetworks();
        return Errno.Success;
    }

    // The first offset from the physical function at which that many addresses are free; null if its bus has no such place.
    private int? OffsetOf(PciAddress physical, int count)
    {
        for (var offset = 1; RoutingId(physical) + offset + count - 1 <= (physical.Bus << 8 | 0xff); offset++)
        {
            if (Enumerable.Range(offset, count).All(each => !Has(VirtualFunction(physical, each))))
            {
                return offset;
            }
        }

        return count == 0 ? 0 : null;
    }

    private static int RoutingId(PciAddress device) => (device.Bus << 8) + (device.Slot << 3) + device.Function;

    private static PciAddress VirtualFunction(PciAddress physical, int offset)
    {
        var routing = RoutingId(physical) + offset;
        return new(physical.Domain, (byte)(routing >> 8), (byte)((routing >> 3) & 0x1f), (byte)(routing & 7));
    }

    private string? OverrideOf(PciAddress device) =>
        File.ReadAllText(PathOf($"{DevicePath(device.ToString())}/driver_override")).Trim() is { Length: > 0 } name and not "(null)" ? name : null;

    private int NumberOf(string path, string attribute) => int.Parse(File.ReadAllText(PathOf($"{path}/{attribute}")), CultureInfo.InvariantCulture);

    private int NextGroup() => Directory.CreateDirectory(PathOf("/sys/kernel/iommu_groups")).GetDirectories().Select(directory => directory.Name)
        .Select(group => int.Parse(Path.GetFileName(group), CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max() + 1;

    private void RemovePciDevice(PciAddress device)
    {
        Unbind(device);
        _interfaces.Remove(device);
        var path = DevicePath(device.ToString());
        if (new FileInfo(PathOf($"{path}/iommu_group")).LinkTarget is { } group)
        {
            var directory = GroupPath(int.Parse(Path.GetFileName(group), CultureInfo.InvariantCulture));
            Remove($"{directory}/devices/{device}");
            if (!Directory.EnumerateFileSystemEntries(PathOf($"{directory}/devices")).Any())
            {
                Remove(directory);
            }
        }

        Remove($"/sys/bus/pci/devices/{device}");
        Remove(path);
        _devices.Remove(device);
        _natural.Remove(device);
    }

    private void WriteUevent(PciAddress device, string? driver)
    {
        var path = $"{DevicePath(device.ToString())}/uevent";
        var lines = File.ReadAllLines(PathOf(path)).Where(line => !line.StartsWith("DRIVER=", StringComparison.Ordinal));
        WriteFile(path, string.Concat((driver is null ? lines : lines.Prepend($"DRIVER={driver}")).Select(line => $"{line}\n")));
    }
}
