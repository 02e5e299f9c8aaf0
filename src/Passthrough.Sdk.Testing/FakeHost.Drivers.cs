using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing.Trees;

namespace Passthrough.Sdk.Testing;

/// <content>A host that acts: the changes that a kernel makes to the tree.</content>
public sealed partial class FakeHost
{
    private const string GuestDriver = "vfio-pci";
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    private readonly Dictionary<PciAddress, string> _natural = [];
    private readonly Dictionary<string, string> _resetMethods = new(StringComparer.Ordinal);

    /// <summary>
    /// Gets the delegate that is called before each write to a file of the kernel with the file's path and the text; returns the errno that the write fails
    /// with, or 0 or null for success. A setting of a virtual function is no file: the delegate gets <c>ip link set enp1s0 vf 0</c> and <c>vlan 100</c>. The delegate may block, as a driver that waits for its users does.
    /// </summary>
    /// <example><code>fake.Writing = (path, _) => path.EndsWith("/unbind") ? 16 : 0; // EBUSY</code></example>
    public Func<string, string, int?>? Writing { get; set; }

    /// <summary>
    /// Writes a line to a file of the kernel, as another program on the host does with <c>echo</c>, and the kernel of this host acts on it:
    /// a driver is bound, virtual functions are created. Tests use it for changes that somebody else makes.
    /// </summary>
    /// <param name="path">The file: <c>/sys/bus/pci/drivers/e1000e/unbind</c>.</param>
    /// <param name="text">The line, without its end.</param>
    /// <returns>0, or the errno that the write fails with: 19 is ENODEV. Linux's own errno of the same write, as far as the lab of this project compares them.</returns>
    /// <exception cref="ArgumentException">The path leads out of the host.</exception>
    public int TryWrite(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new FakeKernel(this).TryWrite(Inside(path), System.Text.Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>
    /// Opens the host as one that plans and acts, only on its own tree: drivers are bound and unbound as the kernel does it,
    /// and virtual functions are created and removed. Nothing on this machine is changed.
    /// </summary>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <remarks>
    /// Captures, checks and plans for devices read the host in memory. A plan that is applied writes its files to the directory first (<see cref="Root"/>),
    /// and so does everything about boot files and the desired state. The journal is in the tree as well, regardless of the directory in the plan's options.
    /// A domain of a real libvirt is refused.
    /// </remarks>
    public IPassthroughHost Open(TimeProvider? timeProvider = null)
    {
        WriteFile("/sys/bus/pci/drivers_probe", "");
        if (!Exists(BootId))
        {
            WriteFile(BootId, $"{Guid.NewGuid()}\n");
        }

        _isOpen = true;
        WriteNetworks();
        return PassthroughHost.Fake(new FakeKernel(this), this, timeProvider);
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

    internal bool HasDriver(string driver) => HasDirectory($"/sys/bus/pci/drivers/{driver}");

    internal string? DriverOf(PciAddress device) => LinkOf(device, "driver");

    /// <summary>Whether a driver may bind to a device: the one that its override names, otherwise the one with which it was added.</summary>
    internal bool Matches(PciAddress device, string driver) => (OverrideOf(device) ?? _natural.GetValueOrDefault(device)) == driver
        || (driver == XenDriver && OverrideOf(device) is null && ListedByXen(Slots).Contains(device.ToString()));

    internal int Bind(PciAddress device, string driver)
    {
        var path = DevicePath(device.ToString());
        AddLink($"{path}/driver", $"/sys/bus/pci/drivers/{driver}");
        AddLink($"/sys/bus/pci/drivers/{driver}/{device}", path);
        if (driver == XenDriver)
        {
            _ = ListForXen(Slots, device.ToString());
        }

        WriteUevent(device, driver);
        WriteFile($"{path}/enable", driver == GuestDriver ? "0\n" : "1\n"); // VFIO enables a device when a guest opens it
        if (driver == _natural.GetValueOrDefault(device))
        {
            ShowInterface(device);
            ShowDisk(device);
            Show(device);
        }

        return Errno.Success;
    }

    internal int Unbind(PciAddress device)
    {
        if (DriverOf(device) is { } driver)
        {
            Remove($"{DevicePath(device.ToString())}/driver");
            Remove($"/sys/bus/pci/drivers/{driver}/{device}");
            if (driver == XenDriver)
            {
                _ = UnlistForXen(Permissive, device.ToString());
            }

            WriteUevent(device, null);
            WriteAttribute(device.ToString(), "enable", "0\n");
            HideInterface(device);
            HideDisk(device);
            if (_isCaptured && driver == _natural.GetValueOrDefault(device))
            {
                Hide(device);
            }
        }

        return Errno.Success;
    }

    internal int Probe(PciAddress device)
    {
        if (DriverOf(device) is null && (OverrideOf(device) ?? _natural.GetValueOrDefault(device)) is { } driver && (driver != GuestDriver || OverrideOf(device) == driver) && HasDriver(driver))
        {
            return Bind(device, driver);
        }

        return DriverOf(device) is null && HasDriver(XenDriver) && Matches(device, XenDriver) ? Bind(device, XenDriver) : Errno.Success;
    }

    /// <summary>Whether a device is a PCI Express function, by the list of capabilities in its configuration space; one that does not exist is taken for one.</summary>
    internal bool IsExpress(PciAddress device) => !Has(device) || DriverOf(device) == "pcieport"
        || (Sysfs.TryReadAll($"{DevicePath(device.ToString())}/config", 4096, out var config) == Errno.Success
            && PciConfigurationSpace.Parse(config).Find<PciExpressCapability>() is not null);

    // A captured host has the class in its modalias only.
    internal bool IsBridge(PciAddress device) => TextOf(device, "class")?.StartsWith("0x0604", StringComparison.Ordinal)
        ?? TextOf(device, "modalias")?.Contains("bc06sc04", StringComparison.Ordinal) == true;

    /// <summary>The name of the directory above a device: a bridge, or a root bus.</summary>
    internal string ParentOf(PciAddress device) => HostPath.NameOf(HostPath.DirectoryOf(DevicePath(device.ToString())));

    /// <summary>The text of a device's attribute; null if it has none.</summary>
    internal string? TextOf(PciAddress device, string attribute) =>
        Sysfs.TryReadAll($"{DevicePath(device.ToString())}/{attribute}", 4096, out var text) == Errno.Success ? System.Text.Encoding.UTF8.GetString(text).TrimEnd('\n') : null;

    /// <summary>The last name of a device's link; null if it has none.</summary>
    internal string? LinkOf(PciAddress device, string link) =>
        LinkTarget($"{DevicePath(device.ToString())}/{link}") is { } target ? HostPath.NameOf(target) : null;

    /// <summary>The functions of a device's IOMMU group; empty if it has none.</summary>
    internal IReadOnlyList<PciAddress> GroupOf(PciAddress device) => LinkOf(device, "iommu_group") is not { } group ? []
        : [.. NamesIn($"/sys/kernel/iommu_groups/{group}/devices").Where(name => PciAddress.TryParse(name, out _)).Select(name => PciAddress.Parse(name)).Order()];

    /// <summary>Why VFIO does not open a device's group, in QEMU's words: a driver of the host has another device of it. Null if it opens it.</summary>
    internal string? ObstacleToGroupOf(PciAddress device) => GroupOf(device).Any(member => !IsBridge(member) && HostDrivers.IsInUseByHost(DriverOf(member)))
        ? $"group {LinkOf(device, "iommu_group")} is not viable\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver."
        : null;

    /// <summary>VFIO enables a device while a guest has it open.</summary>
    internal void SetEnabled(PciAddress device, bool isEnabled) => WriteAttribute(device.ToString(), "enable", isEnabled ? "1\n" : "0\n");

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
        if (!Exists($"{DevicePath(device)}/reset_method"))
        {
            return Errno.NotFound;
        }

        // The kernel tests at first which methods a device has; a later choice is among them.
        if (!_resetMethods.TryGetValue(device, out var supported))
        {
            _resetMethods[device] = supported = ReadText($"{DevicePath(device)}/reset_method").Trim();
        }

        var chosen = methods == "default" ? supported : methods;
        if (chosen.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(supported.Split(' ')).Any())
        {
            return Errno.Invalid;
        }

        WriteAttribute(device, "reset_method", $"{chosen}\n");
        return Errno.Success;
    }

    internal int SetVirtualFunctions(PciAddress physical, int count)
    {
        var path = DevicePath(physical.ToString());
        if (!Exists($"{path}/sriov_totalvfs") || !Exists($"{path}/sriov_numvfs"))
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
            return count == now ? Errno.Success : Errno.Busy;
        }

        if (OffsetOf(physical, count) is not { } offset)
        {
            return Errno.NoMemory;
        }

        ForgetFunctions(physical);
        for (var index = 0; index < now; index++)
        {
            var function = HostPath.NameOf(LinkTarget($"{path}/virtfn{index}")!);
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
        $"{DevicePath(device.ToString())}/driver_override" is var path && Exists(path) && ReadText(path).Trim() is { Length: > 0 } name and not "(null)" ? name : null;

    private int NumberOf(string path, string attribute) => int.Parse(ReadText($"{path}/{attribute}"), CultureInfo.InvariantCulture);

    private int NextGroup() => NamesIn("/sys/kernel/iommu_groups").Select(group => int.Parse(group, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max() + 1;

    private void RemovePciDevice(PciAddress device)
    {
        Unbind(device);
        _interfaces.Remove(device);
        var path = DevicePath(device.ToString());
        if (LinkTarget($"{path}/iommu_group") is { } group)
        {
            var directory = GroupPath(int.Parse(HostPath.NameOf(group), CultureInfo.InvariantCulture));
            Remove($"{directory}/devices/{device}");
            if (NamesIn($"{directory}/devices").Count == 0)
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
        if (!Exists(path))
        {
            return; // an archive does not need it
        }

        var lines = ReadText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("DRIVER=", StringComparison.Ordinal));
        WriteFile(path, string.Concat((driver is null ? lines : lines.Prepend($"DRIVER={driver}")).Select(line => $"{line}\n")));
    }
}
