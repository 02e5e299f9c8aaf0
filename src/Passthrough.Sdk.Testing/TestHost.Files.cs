using System.Globalization;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <content>How the files are made from the description.</content>
public sealed partial class TestHost
{
    private FakeHost Build()
    {
        var files = FakeHost.Create();
        try
        {
            AddMachine(files);
            AddDevices(files);
            _faults.ForEach(fault => fault(files));
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private void AddMachine(FakeHost files)
    {
        switch (_machine)
        {
            case TestMachine.Intel:
                _ = _isIommuOff ? files.WriteFile("/proc/cmdline", "root=/dev/sda1 ro\n") : files;
                files.AddSystem(IommuKind.IntelVtd);
                break;
            case TestMachine.Amd:
                _ = _isIommuOff ? files.WriteFile("/proc/cmdline", "root=/dev/sda1 ro amd_iommu=off\n") : files;
                files.AddSystem(IommuKind.AmdVi);
                break;
            case TestMachine.Arm:
                _ = _isIommuOff ? files.WriteFile("/sys/firmware/acpi/tables/IORT", FakeFirmwareTables.Iort(withSmmu: false).Content) : files;
                files.AddSystem(IommuKind.ArmSmmuV3);
                break;
            default:
                AddDom0(files);
                break;
        }

        if (_isIommuOff)
        {
            foreach (var unit in Directory.GetDirectories(files.PathOf("/sys/class/iommu")))
            {
                files.Remove($"/sys/class/iommu/{Path.GetFileName(unit)}");
            }

            _faults.Insert(0, host => host.WriteFile("/proc/interrupts", "           CPU0\n 24:          9   PCI-MSI-0000:01:00.0   0-edge      eth0\n"));
        }

        files.AddPciDriver(_machine == TestMachine.XenDom0 ? "pciback" : "vfio-pci");
    }

    // Xen hides the table from its dom0 under another name, drives the IOMMU itself, and says so in its own log.
    private void AddDom0(FakeHost files)
    {
        files
            .WriteFile("/proc/cmdline", "placeholder root=/dev/sda1 ro\n")
            .WriteFile("/proc/modules", "xen_pciback 81920 0 - Live 0x0000000000000000\n")
            .WriteFile("/proc/interrupts", "           CPU0\n 24:          9   xen-pirq    -msi       eth0\n")
            .WriteFile("/proc/xen/capabilities", "control_d\n")
            .WriteFile("/sys/hypervisor/type", "xen\n")
            .WriteFile("/sys/hypervisor/guest_type", "PV\n")
            .WriteFile("/sys/hypervisor/properties/features", "00002f0d\n")
            .WriteFile("/sys/hypervisor/properties/capabilities", "xen-3.0-x86_64 hvm-3.0-x86_64\n")
            .WriteFile("/sys/firmware/acpi/tables/RMAD", FakeFirmwareTables.Dmar().Content)
            .WriteFile("/var/log/xen/console/hypervisor.log", $"(XEN) I/O virtualisation {(_isIommuOff ? "disabled" : "enabled")}\n")
            .AddSystem(IommuKind.IntelVtd)
            .Remove("/sys/firmware/acpi/tables/DMAR").Remove("/sys/class/iommu/dmar0").Remove("/dev/vfio")
            .AddDirectory("/sys/module/xen_pciback");
        foreach (var module in Directory.GetDirectories(files.PathOf("/sys/module"), "vfio*"))
        {
            files.Remove($"/sys/module/{Path.GetFileName(module)}");
        }
    }

    private void AddDevices(FakeHost files)
    {
        var groups = new TestGroups(_devices.Select(device => device.Group).OfType<int>());
        var (ports, bridges) = (new Dictionary<byte, string>(), new Dictionary<PciAddress, int?>());
        var disks = 0;
        foreach (var card in _devices.GroupBy(device => (device.Address.Domain, device.Address.Bus, device.Address.Slot)))
        {
            var first = card.First();
            var group = !HasGroups ? (int?)null
                : card.Select(device => device.Group).FirstOrDefault(known => known is not null)
                    ?? (first.Bridge is { } bridge && bridges.TryGetValue(bridge, out var shared) ? shared : groups.Next());
            var parent = ParentOf(files, first, group, groups, ports, bridges);
            foreach (var device in card)
            {
                files.AddPciDevice(
                    device.Address.ToString(), device.Vendor, device.Device, device.Class, device.Driver, group, parent, numaNode: device.NumaNode);
                files.WriteAttribute(device.Address.ToString(), "reset_method", "flr bus\n");
                if (device.IsBootDisplay is { } isBoot)
                {
                    files.WriteAttribute(device.Address.ToString(), "boot_vga", isBoot ? "1\n" : "0\n");
                }

                if (device is { Interface: { } name, Driver: "e1000e" })
                {
                    files.AddNetworkInterface(device.Address.ToString(), name, device.IpAddress);
                }

                if (device is { IsDisk: true, Driver: "nvme" })
                {
                    AddDisk(files, device, disks++);
                }
            }
        }
    }

    // A root bus needs no bridge. A conventional bridge is in the group of what is below it.
    private string? ParentOf(FakeHost files, TestDevice device, int? group, TestGroups groups, Dictionary<byte, string> ports, Dictionary<PciAddress, int?> bridges)
    {
        if (device.Bridge is { } bridge)
        {
            if (bridges.TryAdd(bridge, group))
            {
                files.AddPciBridge(bridge.ToString(), device.Address.Bus, vendor: 0x8086, device: 0x244e, driver: null, iommuGroup: group);
            }

            return bridge.ToString();
        }

        if (device.Address.Bus == 0)
        {
            return null;
        }

        if (!ports.TryGetValue(device.Address.Bus, out var port))
        {
            port = string.Create(CultureInfo.InvariantCulture, $"{device.Address.Domain:x4}:00:{0x10 + (ports.Count / 8):x2}.{ports.Count % 8}");
            ports.Add(device.Address.Bus, port);
            files.AddPciBridge(port, device.Address.Bus, iommuGroup: HasGroups ? groups.Next() : null);
        }

        return port;
    }

    private static void AddDisk(FakeHost files, TestDevice device, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"nvme{number}n1");
        var path = string.Create(CultureInfo.InvariantCulture, $"{files.DevicePath(device.Address.ToString())}/nvme/nvme{number}/{name}");
        files.WriteFile($"{path}/dev", string.Create(CultureInfo.InvariantCulture, $"259:{number}\n")).WriteFile($"{path}/size", "2097152\n").AddLink($"/sys/class/block/{name}", path);
        if (device.MountPoint is { } mountPoint)
        {
            var mounts = files.PathOf("/proc/self/mountinfo");
            File.AppendAllText(mounts, string.Create(CultureInfo.InvariantCulture, $"{40 + number} 22 259:{number} / {mountPoint} rw,relatime shared:{40 + number} - ext4 /dev/{name} rw\n"));
        }
    }
}
