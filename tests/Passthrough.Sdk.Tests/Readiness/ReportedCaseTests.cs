using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>What people reported, on hosts of our own making, and on those beside the checkout where they are.</summary>
public sealed class ReportedCaseTests
{
    private const string Gpu = "0000:01:00.0";
    private const string Sound = "0000:01:00.1";

    [Theory]
    [InlineData("02", "0000:01:00.0", FindingIds.VfioNodeMissing, FindingSeverity.Warning, "/dev/vfio/devices/vfio0")]
    [InlineData("08", "0000:07:00.0", FindingIds.XenHideMalformed, FindingSeverity.Error, "xen-pciback.hide=(1:0:1:0:)")]
    [InlineData("14-", "0000:00:02.0", FindingIds.SriovNoDriver, FindingSeverity.Info, "module_blacklist=i915")]
    [InlineData("14b", "0000:00:02.0", FindingIds.SriovDriverWithoutSupport, FindingSeverity.Info, "i915")]
    [InlineData("16", "0000:42:00.0", FindingIds.SriovFunctionsOutOfReach, FindingSeverity.Warning, "0000:40:03.1")]
    [InlineData("19", "0000:01:00.0", FindingIds.GroupNotViable, FindingSeverity.Error, "/etc/modprobe.d/vfio.conf")]
    [InlineData("19", "0000:01:00.0", FindingIds.VfioOptionsMalformed, FindingSeverity.Warning, "10de:10f0")]
    [InlineData("26", "0001:01:00.0", FindingIds.IommuFirmwareTableMissing, FindingSeverity.Error, "device tree")]
    [InlineData("27", "0009:01:00.0", FindingIds.IommuFirmwareTableMissing, FindingSeverity.Error, "SMMU")]
    [InlineData("28", "10000:01:00.0", FindingIds.DeviceBehindVmd, FindingSeverity.Error, "0000:5d:05.5")]
    [InlineData("33", "0000:04:1b.6", FindingIds.DevicePhysicalFunctionDown, FindingSeverity.Error, "0000:04:10.0")]
    [InlineData("35", "0000:09:00.0", FindingIds.GroupNotViable, FindingSeverity.Error, "initramfs")]
    [InlineData("35", "0000:09:00.0", FindingIds.VfioIdsTooLate, FindingSeverity.Warning, "0000:09:00.0 and 0000:09:00.1")]
    public void A_case_beside_the_checkout_gets_its_answer(string name, string device, string id, FindingSeverity severity, string words)
    {
        var report = Check(Path.Combine(ReportedCases.Require(name), "root.tar.gz"), device);
        var finding = Assert.Single(report, finding => finding.Id == id);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(words, $"{finding.Title} {finding.Remedy} {string.Join(' ', finding.Evidence)}", StringComparison.Ordinal);
        Assert.NotEqual(true, severity == FindingSeverity.Error ? report.IsReady : null);
    }

    [Fact]
    public void A_hidden_firmware_folder_raises_no_alarm_where_groups_prove_the_IOMMU()
    {
        var report = Check(Path.Combine(ReportedCases.Require("17"), "root.tar.gz"), "0000:17:02.0");
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error || finding.Id.StartsWith("iommu.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("options vfio-pci ids=10de:1b80, 10de:10f0\n", "a space before it ends the list")]
    [InlineData("options vfio-pci ids=10de:1b80 10de:10f0\n", "a space before it ends the list")]
    [InlineData("options vfio-pci ids=10de:10f0\noptions vfio-pci ids=10de:1b80\n", "the kernel keeps only the last ids=")]
    [InlineData("options vfio-pci ids=10de:1b80\n", null)]
    [InlineData("options vfio-pci ids=\"10de:1b80,10de:10f0\"\n", "took it first")]
    [InlineData("options vfio_pci disable_vga=1 ids=10de:1b80,10de:10f0\n", "took it first")]
    public void A_group_is_not_viable_since_its_ids_were_not_taken(string options, string? why)
    {
        using var host = Card().WriteFile("/etc/modprobe.d/vfio.conf", options);
        var error = Assert.Single(Check(host.Root, Gpu), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.GroupNotViable, error.Id);
        Assert.Equal(why is not null, error.Evidence.Any(evidence => evidence.Source.StartsWith("/etc/modprobe.d/vfio.conf", StringComparison.Ordinal)));
        Assert.Contains(why ?? "", error.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vfio-pci.ids=10de:1b80, 10de:10f0", "10de:10f0 (a space")]
    [InlineData("vfio-pci.ids=10dg:1b80", "10dg:1b80 (it is not vendor:device")]
    [InlineData("vfio-pci.ids=10de:1b80 vfio-pci.ids=10de:10f0", "10de:1b80 (the kernel keeps only the last")]
    [InlineData("vfio-pci.ids='10de:1b80'", "'10de:1b80' (it is not vendor:device")]
    [InlineData("vfio-pci.ids=10de:1b80,10de:10f0", null)]
    public void Ids_on_the_command_line_that_are_not_taken_are_named(string commandLine, string? words)
    {
        using var host = Card().WriteFile("/proc/cmdline", $"intel_iommu=on {commandLine}\n");
        var findings = Check(host.Root, Gpu).Where(finding => finding.Id == FindingIds.VfioOptionsMalformed).ToList();
        Assert.Equal(words is null ? 0 : 1, findings.Count);
        Assert.Contains(words ?? "", string.Concat(findings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "softdep snd_hda_intel pre: vfio-pci")]
    [InlineData("softdep snd_hda_intel pre: vfio-pci\n", "add vfio-pci and the softdep line to the initramfs")]
    public void A_driver_that_was_first_is_to_come_later(string configuration, string remedy)
    {
        using var host = Card().WriteFile("/proc/cmdline", "intel_iommu=on vfio-pci.ids=10de:1b80,10de:10f0\n").WriteFile("/etc/modprobe.d/vfio.conf", configuration);
        var report = Check(host.Root, Gpu);
        var late = Assert.Single(report, finding => finding.Id == FindingIds.VfioIdsTooLate);
        Assert.Contains($"{Sound} for vfio-pci, but the driver snd_hda_intel took it first", late.Title, StringComparison.Ordinal);
        Assert.Contains(remedy, late.Remedy, StringComparison.Ordinal);
        Assert.Equal(late.Id, Assert.Single(PassthroughHost.At(host.Root).Capture().CheckReadiness(), finding => finding.Id.StartsWith("vfio.", StringComparison.Ordinal)).Id);
    }

    [Fact]
    public void The_last_list_is_the_one_that_takes_a_twin()
    {
        using var host = Card().AddPciDevice("0000:05:00.0", vendor: 0x10de, device: 0x1b80, @class: 0x030000, driver: "nouveau", iommuGroup: 7)
            .WriteFile("/etc/modprobe.d/vfio.conf", "options vfio-pci ids=10de:1b80\noptions vfio-pci ids=8086:10d3\n");
        Assert.Equal(FindingSeverity.Info, Assert.Single(Check(host.Root, Gpu), finding => finding.Id == FindingIds.DeviceIdenticalTwin).Severity);
    }

    [Theory]
    [InlineData("0x1002\n", true)]
    [InlineData("0x1003\n", false)]
    public void A_virtual_function_waits_for_the_interface_of_its_physical_one(string flags, bool isDown)
    {
        using var host = FakeHost.Create().AddSystem()
            .AddPciDevice("0000:04:00.0", driver: "ixgbe", iommuGroup: 3)
            .AddPciDevice("0000:04:10.0", driver: "vfio-pci", iommuGroup: 4, physicalFunction: "0000:04:00.0");
        host.WriteFile($"{host.DevicePath("0000:04:00.0")}/net/ens1f0/flags", flags).WriteFile($"{host.DevicePath("0000:04:00.0")}/net/ens1f0/operstate", "down\n")
            .AddLink("/sys/class/net/ens1f0", $"{host.DevicePath("0000:04:00.0")}/net/ens1f0");
        var report = Check(host.Root, "0000:04:10.0");
        Assert.Equal(isDown, report.Any(finding => finding is { Id: FindingIds.DevicePhysicalFunctionDown, Severity: FindingSeverity.Error }));
        Assert.Equal(!isDown, report.IsReady);
    }

    [Theory]
    [InlineData(null, "", FindingIds.SriovNoDriver, FindingSeverity.Info)]
    [InlineData(null, "[ 9.0] pci 0000:04:00.0: No driver bound to device; cannot configure SR-IOV\n", FindingIds.SriovNoDriver, FindingSeverity.Warning)]
    [InlineData("e1000e", "[ 9.0] e1000e 0000:04:00.0: Driver does not support SR-IOV configuration via sysfs\n", FindingIds.SriovDriverWithoutSupport, FindingSeverity.Warning)]
    [InlineData("vfio-pci", "", FindingIds.SriovDriverWithoutSupport, FindingSeverity.Info)]
    [InlineData("ixgbe", "", null, FindingSeverity.Info)]
    public void A_physical_function_without_a_driver_that_makes_virtual_ones(string? driver, string log, string? id, FindingSeverity severity)
    {
        using var host = FakeHost.Create().AddSystem().WriteFile("/var/log/dmesg", log)
            .AddPciDevice("0000:04:00.0", driver: driver, iommuGroup: 3)
            .WriteAttribute("0000:04:00.0", "sriov_totalvfs", "8\n").WriteAttribute("0000:04:00.0", "sriov_numvfs", "0\n");
        var found = Check(host.Root, "0000:04:00.0").Where(finding => finding.Id.StartsWith("sriov.", StringComparison.Ordinal)).ToList();
        Assert.Equal(id, found.SingleOrDefault()?.Id);
        Assert.Equal(severity, found.SingleOrDefault()?.Severity ?? severity);
    }

    [Theory]
    [InlineData(16, 1, "0", 2, true)] // function 16 of the bus is device 2
    [InlineData(16, 1, "1", 2, false)]
    [InlineData(4, 1, "0", 2, false)] // functions 4 to 7
    [InlineData(256, 1, "0", 1, true)] // the next bus, which the bridge does not lead to
    [InlineData(256, 1, "0", 2, false)]
    public void Virtual_functions_that_the_bus_does_not_reach(int offset, int stride, string ari, byte lastBus, bool isBeyond)
    {
        using var host = FakeHost.Create().AddSystem()
            .AddPciBridge("0000:00:01.0", secondaryBus: 1, subordinateBus: lastBus, iommuGroup: 2)
            .AddPciDevice(Gpu, driver: "ixgbe", iommuGroup: 3, parent: "0000:00:01.0")
            .WriteAttribute(Gpu, "sriov_totalvfs", "4\n").WriteAttribute(Gpu, "sriov_numvfs", "0\n").WriteAttribute(Gpu, "ari_enabled", ari + "\n")
            .WriteAttribute(Gpu, "sriov_offset", $"{offset}\n").WriteAttribute(Gpu, "sriov_stride", $"{stride}\n");
        Assert.Equal(isBeyond, Check(host.Root, Gpu).Any(finding => finding.Id == FindingIds.SriovFunctionsOutOfReach));
    }

    [Theory]
    [InlineData("0x0000000c", "", 0, true)] // a 64-bit register without an address
    [InlineData("0xfe00000c", "", 0, false)]
    [InlineData("0x00000000", "", 0, false)] // the device may not have it
    [InlineData("0x0000000c", "", 2, false)] // there are some
    [InlineData("0xfe00000c", "[ 9.0] ixgbe 0000:01:00.0: not enough MMIO resources for SR-IOV\n", 0, true)]
    [InlineData("0xfe00000c", "[ 9.0] ixgbe 0000:02:00.0: not enough MMIO resources for SR-IOV\n", 0, false)]
    public void Virtual_functions_for_which_there_are_no_addresses(string register, string log, int count, bool isFound)
    {
        var space = new byte[4096];
        BitConverter.TryWriteBytes(space, 0x1572_8086);
        (space[0x06], space[0x34], space[0x40], space[0x42]) = (0x10, 0x40, 0x10, 0x02); // a PCI Express endpoint
        BitConverter.TryWriteBytes(space.AsSpan(0x100), 0x0001_0010); // SR-IOV, the last in the chain
        BitConverter.TryWriteBytes(space.AsSpan(0x124), Convert.ToUInt32(register, 16));
        using var host = FakeHost.Create().AddSystem().WriteFile("/var/log/dmesg", log)
            .AddPciDevice(Gpu, driver: "ixgbe", iommuGroup: 3, config: space)
            .WriteAttribute(Gpu, "sriov_totalvfs", "4\n").WriteAttribute(Gpu, "sriov_numvfs", $"{count}\n");
        Assert.Equal(isFound, Check(host.Root, Gpu).Any(finding => finding.Id == FindingIds.SriovNoRoom));
    }

    [Theory]
    [InlineData("[ 9.0] i40e 0000:01:00.0: VF 3 still in reset. Try again.\n", "0000:01:00.0", true)]
    [InlineData("[ 9.0] i40e 0000:02:00.0: VF 3 still in reset. Try again.\n", "0000:01:00.0", false)]
    [InlineData("[ 9.0] iavf 0000:01:00.1: Device is still in reset (-16), retrying\n", "0000:01:00.1", true)]
    [InlineData("", "0000:01:00.0", false)]
    public void A_virtual_function_that_was_still_in_reset(string log, string device, bool isFound)
    {
        using var host = FakeHost.Create().AddSystem().WriteFile("/var/log/dmesg", log)
            .AddPciDevice(Gpu, @class: 0x020000, driver: "i40e", iommuGroup: 3)
            .AddPciDevice("0000:01:00.1", @class: 0x020000, driver: "iavf", iommuGroup: 4, physicalFunction: Gpu);
        Assert.Equal(isFound, Check(host.Root, device).Any(finding => finding.Id == FindingIds.SriovFunctionInReset));
    }

    [Theory]
    [InlineData("0x1002", "0000:01:00.0", FindingSeverity.Warning)]
    [InlineData("0x1002", "0000:01:00.1", FindingSeverity.Error)]
    [InlineData("0x1003", "0000:01:00.0", null)]
    public void A_physical_function_that_is_down_is_named_on_itself_and_on_its_virtual_functions(string flags, string device, FindingSeverity? severity)
    {
        using var host = FakeHost.Create().AddSystem()
            .AddPciDevice(Gpu, @class: 0x020000, driver: "i40e", iommuGroup: 3).AddNetworkInterface(Gpu, "enp1s0")
            .AddPciDevice("0000:01:00.1", @class: 0x020000, driver: "iavf", iommuGroup: 4, physicalFunction: Gpu);
        host.WriteFile($"{host.DevicePath(Gpu)}/net/enp1s0/flags", $"{flags}\n");
        Assert.Equal(severity, Check(host.Root, device).SelectMany(finding => finding.Consequences.Prepend(finding)).SingleOrDefault(finding => finding.Id == FindingIds.DevicePhysicalFunctionDown)?.Severity);
    }

    [Theory]
    [InlineData("0", "0", FindingSeverity.Warning)]
    [InlineData("0", "2", FindingSeverity.Info)]
    [InlineData("1", "2", null)]
    public void A_mediated_type_without_a_free_instance(string one, string other, FindingSeverity? severity)
    {
        using var host = FakeHost.Create().AddSystem().AddPciDevice(Gpu, @class: 0x030000, driver: "i915", iommuGroup: 3)
            .WriteAttribute(Gpu, "mdev_supported_types/i915-GVTg_V5_4/available_instances", one + "\n")
            .WriteAttribute(Gpu, "mdev_supported_types/i915-GVTg_V5_8/available_instances", other + "\n");
        Assert.Equal(severity, Check(host.Root, Gpu).SingleOrDefault(finding => finding.Id == FindingIds.MediatedDeviceNoInstance)?.Severity);
    }

    [Theory]
    [InlineData(true, false, FindingSeverity.Warning)]
    [InlineData(false, false, FindingSeverity.Error)]
    [InlineData(true, true, null)]
    public void A_node_of_a_device_that_a_container_was_not_given(bool hasGroup, bool hasDevice, FindingSeverity? severity)
    {
        using var host = FakeHost.Create().AddSystem().AddPciDevice(Gpu, driver: "vfio-pci", iommuGroup: 31);
        host.WriteFile($"{host.DevicePath(Gpu)}/vfio-dev/vfio0/dev", "510:0\n").AddLink("/sys/class/vfio-dev/vfio0", $"{host.DevicePath(Gpu)}/vfio-dev/vfio0");
        _ = hasGroup ? host.WriteFile("/dev/vfio/31", "") : host;
        _ = hasDevice ? host.WriteFile("/dev/vfio/devices/vfio0", "") : host;
        Assert.Equal(severity, Check(host.Root, Gpu).SingleOrDefault(finding => finding.Id == FindingIds.VfioNodeMissing)?.Severity);
    }

    [Fact]
    public void A_kernel_without_nodes_of_single_devices_misses_none()
    {
        using var host = FakeHost.Create().AddSystem().AddPciDevice(Gpu, driver: "vfio-pci", iommuGroup: 31);
        host.WriteFile($"{host.DevicePath(Gpu)}/vfio-dev/vfio0/uevent", "").AddLink("/sys/class/vfio-dev/vfio0", $"{host.DevicePath(Gpu)}/vfio-dev/vfio0").WriteFile("/dev/vfio/31", "");
        Assert.DoesNotContain(Check(host.Root, Gpu), finding => finding.Id == FindingIds.VfioNodeMissing);
    }

    [Fact]
    public void A_disk_behind_VMD_goes_only_with_the_controller()
    {
        using var host = VolumeManagementDevice();
        var error = Assert.Single(Check(host.Root, "10000:01:00.0"), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.DeviceBehindVmd, error.Id);
        Assert.DoesNotContain("nodedev-detach", error.Remedy, StringComparison.Ordinal);
        Assert.Contains(error.Consequences, finding => finding.Id == FindingIds.GroupNotViable);
        Assert.All(error.Consequences, finding => Assert.DoesNotContain("nodedev-detach", finding.Remedy, StringComparison.Ordinal));
        Assert.DoesNotContain("bridge 0000:5d:05.5", string.Concat(error.Consequences.SelectMany(finding => finding.Evidence)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_controller_goes_with_all_that_lies_behind_it_and_what_the_host_mounts_there_stands_in_the_way()
    {
        using var host = VolumeManagementDevice();
        var controller = Check(host.Root, "0000:5d:05.5");
        Assert.True(controller.IsReady, string.Join("; ", controller));
        Assert.DoesNotContain(controller, finding => finding.Id is FindingIds.GroupShared or FindingIds.GroupNotViable);

        var disk = $"{host.DevicePath("10000:01:00.0")}/nvme/nvme0/nvme0n1";
        host.WriteFile($"{disk}/dev", "259:0\n").WriteFile($"{disk}/size", "1024\n").AddLink("/sys/class/block/nvme0n1", disk)
            .WriteFile("/proc/self/mountinfo", "22 1 259:0 / /data rw,relatime shared:1 - ext4 /dev/nvme0n1 rw\n");
        Assert.Contains(Check(host.Root, "0000:5d:05.5"), finding => finding is { Id: FindingIds.DeviceHoldsMountedFileSystem, Severity: FindingSeverity.Error });
        Assert.True(PassthroughHost.At(host.Root).Capture() is var snapshot && snapshot.IommuGroups.All(group => snapshot.CheckGroup(group).Count == 0));
    }

    [Theory]
    [InlineData("xen-pciback.hide=(1:0:1:0:)", FindingIds.XenHideMalformed)]
    [InlineData("xen-pciback.hide=(07:00.0)", FindingIds.XenPcibackMissing)]
    [InlineData("", FindingIds.XenPcibackMissing)]
    public void Pciback_in_the_kernel_image_that_did_not_start(string parameter, string id)
    {
        using var host = (Machine.Dom0 with { Modules = [], CommandLine = $"root=/dev/sda1 {parameter}" })
            .With($"/lib/modules/{Machine.Release}/modules.builtin", "kernel/drivers/xen/xen-pciback/xen-pciback.ko\n").Build();
        var error = Assert.Single(PassthroughHost.At(host.Root).Capture().CheckReadiness(), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(id, error.Id);
        Assert.Contains("modprobe cannot", error.Remedy, StringComparison.Ordinal);

        host.AddPciDriver("pciback");
        Assert.DoesNotContain(PassthroughHost.At(host.Root).Capture().CheckReadiness(), finding => finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void An_empty_folder_is_named_first()
    {
        using var host = FakeHost.Create();
        var first = PassthroughHost.At(host.Root).Capture().CheckReadiness()[0];
        Assert.Equal((FindingIds.HostNothingFound, true), (first.Id, first.IsUndetermined));
        Assert.Contains(host.Root, first.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_array_of_devices_is_no_device()
    {
        using var host = FakeHost.Create().AddSystem().AddPciDevice(Gpu, iommuGroup: 3);
        var snapshot = PassthroughHost.At(host.Root).Capture(new CaptureOptions { DetailsOf = default });
        Assert.Equal(snapshot.CheckReadiness().Select(finding => finding.Id), snapshot.CheckDevices([]).Select(finding => finding.Id));
    }

    private static FakeHost Card() => FakeHost.Create().AddSystem()
        .AddPciBridge("0000:00:01.0", secondaryBus: 1, iommuGroup: 1)
        .AddPciDevice(Gpu, vendor: 0x10de, device: 0x1b80, @class: 0x030000, driver: "vfio-pci", iommuGroup: 1, parent: "0000:00:01.0")
        .AddPciDevice(Sound, vendor: 0x10de, device: 0x10f0, @class: 0x040300, driver: "snd_hda_intel", iommuGroup: 1, parent: "0000:00:01.0");

    private static FakeHost VolumeManagementDevice() => FakeHost.Create().AddSystem()
        .AddPciDevice("0000:5d:05.5", vendor: 0x8086, device: 0x201d, @class: 0x010400, driver: "vmd", iommuGroup: 60)
        .AddPciBridge("10000:00:02.0", secondaryBus: 1, iommuGroup: 60, parent: "0000:5d:05.5")
        .AddPciDevice("10000:01:00.0", vendor: 0x8086, device: 0x0a54, @class: 0x010802, driver: "nvme", iommuGroup: 60, parent: "10000:00:02.0");

    private static ReadinessReport Check(string root, string device) =>
        PassthroughHost.At(root).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(device)], Isolation = true, OpenHandles = true }).CheckDevices([PciAddress.Parse(device)]);
}
