using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// The kernel of a fake host: reads are those of the tree, and a write to a file that the kernel acts upon changes the tree as
/// the kernel would.
/// </summary>
/// <remarks>
/// It knows driver_override, bind, unbind and drivers_probe (kernel: drivers/base/bus.c, drivers/pci/pci-driver.c), the lists of Xen's
/// pciback (drivers/xen/xen-pciback/pci_stub.c), reset and
/// reset_method (drivers/pci/pci.c), sriov_numvfs and sriov_drivers_autoprobe (drivers/pci/iov.c), over netlink the settings of
/// virtual functions, and create and remove of mediated devices (drivers/vfio/mdev/mdev_sysfs.c). Thread safety: writes are done
/// one at a time.
/// </remarks>
internal sealed class FakeKernel(FakeHost host) : ISysfs
{
    private const string Devices = "/sys/bus/pci/devices/";
    private const string Drivers = "/sys/bus/pci/drivers/";
    private const string Probe = "/sys/bus/pci/drivers_probe";
    private const string MediatedParents = "/sys/class/mdev_bus/";
    private const string MediatedDevices = "/sys/bus/mdev/devices/";

    public bool CanWait => false;

    public bool RunsPrograms => host.RunsPrograms;

    public INetlinkSource Netlink { get; } = new FakeVirtualFunctionLink(host);

    public int TryRead(string path, Span<byte> buffer, out int length) => host.Sysfs.TryRead(path, buffer, out length);

    public int TryReadAll(string path, int limit, out byte[] content) => host.Sysfs.TryReadAll(path, limit, out content);

    public int TryReadLink(string path, out string target) => host.Sysfs.TryReadLink(path, out target);

    public int TryList(string path, ICollection<string> names) => host.Sysfs.TryList(path, names);

    public int TryStatus(string path, out FileStatus status) => host.Sysfs.TryStatus(path, out status);

    public int TryOpenCursor(string path, out ISysfsCursor? cursor) => host.Sysfs.TryOpenCursor(path, out cursor);

    public int TryWrite(string path, ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content).Trim();
        if (host.Writing?.Invoke(path, text) is { } errno && errno != Errno.Success)
        {
            return errno;
        }

        lock (host.Gate)
        {
            return path == Probe ? OnDevice(text, host.Probe)
                : path.StartsWith(Drivers, StringComparison.Ordinal) ? WriteDriver(path[Drivers.Length..].Split('/'), text)
                : path.StartsWith(Devices, StringComparison.Ordinal) ? WriteDevice(path[Devices.Length..].Split('/'), text, content)
                : path.StartsWith(MediatedParents, StringComparison.Ordinal) && path[MediatedParents.Length..].Split('/') is [var parent, "mdev_supported_types", var type, "create"]
                    ? host.CreateMediated(parent, type, text)
                : path.StartsWith(MediatedDevices, StringComparison.Ordinal) && path[MediatedDevices.Length..].Split('/') is [var device, "remove"]
                    ? host.RemoveMediated(device, text)
                : host.TryWrite(path, content);
        }
    }

    private int WriteDriver(string[] names, string text) => names switch
    {
        [var driver, "bind" or "unbind"] when !host.HasDriver(driver) => Errno.NotFound,
        [var driver, "bind"] => OnDevice(text, device => !host.Matches(device, driver) ? Errno.NoDevice
            : host.DriverOf(device) is not null ? Errno.Busy : host.Bind(device, driver)),
        [var driver, "unbind"] => OnDevice(text, device => host.DriverOf(device) == driver ? host.Unbind(device) : Errno.NoDevice),
        [FakeHost.XenDriver, var list] when host.HasDriver(FakeHost.XenDriver) => host.WriteXenDriver(list, text),
        _ => Errno.NotFound,
    };

    private int WriteDevice(string[] names, string text, ReadOnlySpan<byte> content)
    {
        if (names is [var bound, "driver", var control] && PciAddress.TryParse(bound, out var of) && host.Has(of))
        {
            return host.DriverOf(of) is { } driver ? WriteDriver([driver, control], text) : Errno.NotFound;
        }

        if (names is not [var name, var attribute] || !PciAddress.TryParse(name, out var device) || !host.Has(device))
        {
            return host.TryWrite($"{Devices}{string.Join('/', names)}", content);
        }

        if (host.Sysfs.TryStatus($"{Devices}{name}/{attribute}", out _) is var missing && missing != Errno.Success)
        {
            return missing;
        }

        switch (attribute)
        {
            case "vendor" or "device" or "class" or "revision" or "subsystem_vendor" or "subsystem_device" or "resource" or "irq" or "modalias" or "power_state" or "sriov_totalvfs":
                return Errno.AccessDenied; // to root as well
            case "driver_override":
                host.WriteAttribute(name, attribute, text.Length == 0 ? "(null)\n" : $"{text}\n");
                return Errno.Success;
            case "reset_method":
                return host.ChooseResetMethods(name, text);
            case "reset":
                return text == "1" ? Errno.Success : Errno.Invalid;
            case "sriov_numvfs":
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? host.SetVirtualFunctions(device, count) : Errno.Invalid;
            case "sriov_drivers_autoprobe":
                if (text is not ("0" or "1"))
                {
                    return Errno.Invalid;
                }

                return host.TryWrite($"{Devices}{name}/{attribute}", Encoding.UTF8.GetBytes($"{text}\n"));
            default:
                return host.TryWrite($"{Devices}{name}/{attribute}", content);
        }
    }

    private int OnDevice(string text, Func<PciAddress, int> act) =>
        PciAddress.TryParse(text, out var device) && host.Has(device) ? act(device) : Errno.NoDevice;
}
