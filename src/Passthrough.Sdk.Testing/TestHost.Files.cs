using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;

namespace Passthrough.Sdk.Testing;

/// <content>How the files are made from the description.</content>
public sealed partial class TestHost
{
    private FakeHost Build()
    {
        if (_archive is not null)
        {
            return _archive();
        }

        var files = FakeHost.Create();
        try
        {
            _ = _isOnDisk ? files.Root : null;
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
                _ = _isSwitchedOff ? files.WriteFile("/proc/cmdline", "root=/dev/sda1 ro\n") : files;
                files.AddSystem(IommuKind.IntelVtd);
                break;
            case TestMachine.Amd:
                _ = _isSwitchedOff ? files.WriteFile("/proc/cmdline", "root=/dev/sda1 ro amd_iommu=off\n") : files;
                files.AddSystem(IommuKind.AmdVi);
                break;
            case TestMachine.Arm:
                _ = _isSwitchedOff ? files.WriteFile("/sys/firmware/acpi/tables/IORT", FakeFirmwareTables.Iort(withSmmu: false).Content) : files;
                files.AddSystem(IommuKind.ArmSmmuV3);
                break;
            default:
                AddDom0(files);
                break;
        }

        if (IsIommuOff)
        {
            foreach (var unit in files.NamesIn("/sys/class/iommu"))
            {
                files.Remove($"/sys/class/iommu/{unit}");
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
            .WriteFile("/sys/hypervisor/version/major", "4\n").WriteFile("/sys/hypervisor/version/minor", "17\n").WriteFile("/sys/hypervisor/version/extra", ".7\n")
            .WriteFile(XenReader.CapturedPath, $"xen_commandline : placeholder{(IsIommuOff ? " iommu=0" : "")}\nvirt_caps : pv hvm {(IsIommuOff ? "" : "hvm_directio pv_directio ")}hap shadow\n")
            .WriteFile("/sys/firmware/acpi/tables/RMAD", FakeFirmwareTables.Dmar().Content)
            .WriteFile("/var/log/xen/console/hypervisor.log", $"(XEN) I/O virtualisation {(IsIommuOff ? "disabled" : "enabled")}\n")
            .AddSystem(IommuKind.IntelVtd)
            .Remove("/sys/firmware/acpi/tables/DMAR").Remove("/sys/class/iommu/dmar0").Remove("/dev/vfio")
            .AddDirectory("/sys/module/xen_pciback");
        foreach (var module in files.NamesIn("/sys/module").Where(module => module.StartsWith("vfio", StringComparison.Ordinal)))
        {
            files.Remove($"/sys/module/{module}");
        }
    }

    private void AddDevices(FakeHost files)
    {
        if (!_hasVfio && _devices.Find(device => device.GuestDriver is not null) is { } bound)
        {
            throw new InvalidOperationException($"{bound.Address} is bound to {bound.GuestDriver}, which is not loaded; leave out WithoutVfio or BoundTo");
        }

        var topology = new TestTopology(_devices, HasGroups);
        var disks = 0;
        foreach (var device in _devices)
        {
            var name = device.Address.ToString();
            var group = topology.GroupOf(device);
            if (group is { } number && _machine == TestMachine.Arm)
            {
                files.AddIommuGroup(number, reservedRegions: ["0x0000000008000000 0x00000000080fffff msi"]);
            }

            var parent = topology.AddParentOf(device, files);
            var isExpress = parent is not null && device.Bridge is null;
            files.AddPciDevice(
                name, device.Vendor, device.Device, device.Class, device.Driver, group, parent, numaNode: device.NumaNode,
                config: isExpress ? new FakePciIds(device.Vendor, device.Device, 0, 0, device.Class, 0).ExpressConfiguration() : null);
            files.WriteAttribute(name, "reset_method", "flr bus\n").WriteAttribute(name, "reset", "");
            if (device.IsBootDisplay is { } isBoot)
            {
                files.WriteAttribute(name, "boot_vga", isBoot ? "1\n" : "0\n");
            }

            if (device.Interface is { } network)
            {
                files.AddNetworkInterface(name, network, device.IpAddress);
            }

            if (device.IsDisk)
            {
                files.AddDisk(name, disks++, device.MountPoint);
            }

            if (device.IsTaken)
            {
                files.Take(device.Address, device.GuestDriver);
            }
        }
    }
}
