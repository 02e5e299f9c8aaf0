using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>Devices that cannot or should not be given away.</summary>
[LabHost(Iommu.Vtd, Own = "faults")]
public sealed class DeviceFaultTests
{
    private const string NicOf = "$(ls /sys/bus/pci/devices/0000:01:00.0/net)";

    // It may have another name when it was taken away and came back.
    private const string FindDisk = "for try in $(seq 50); do disk=$(ls /dev/nvme?n1 2>/dev/null) && break; sleep 0.2; done";

    [Fact]
    public void A_shared_group() =>
        Show("one of two NICs behind a bridge", Device.SharedNic, FindingIds.GroupNotViable, "is not viable");

    [Fact]
    public void A_bridge() =>
        Show("a bridge", Device.RootPort, FindingIds.DeviceIsBridge, "Non-endpoint PCI devices cannot be assigned to guests");

    [Fact]
    public void No_such_device() =>
        Show("no such device", Device.Absent, FindingIds.DeviceNotFound, "Device 0000:09:00.0 not found: could not access");

    [Fact]
    public void The_boot_display() => Show("the boot display", Device.BootDisplay, FindingIds.DeviceIsBootDisplay, null);

    [Fact]
    public void A_mounted_disk() =>
        new Fault("an NVMe disk with a mounted file system")
        {
            Inject = $"modprobe vfio-pci; {FindDisk}; mkfs.ext4 -q -F $disk; mkdir -p /mnt/fault; mount $disk /mnt/fault",
            TakeBack = $"umount -l /mnt/fault; echo 1 >/sys/bus/pci/devices/0000:02:00.0/remove; echo 1 >/sys/bus/pci/rescan; {FindDisk}; test -b $disk",
            Device = Device.Disk,
            Doctor = FindingIds.DeviceHoldsMountedFileSystem,
            Says = null,
        }.Show();

    [Fact]
    public void A_disk_with_swap() =>
        new Fault("an NVMe disk that the host swaps to")
        {
            Inject = $"modprobe vfio-pci; {FindDisk}; mkswap -q $disk; swapon $disk",
            TakeBack = "swapoff -a",
            Device = Device.Disk,
            IsTried = false, // swap on a disk that is gone cannot be switched off any more
            Doctor = FindingIds.DeviceHoldsSwap,
            Says = null,
        }.Show();

    [Fact]
    public void A_NIC_with_the_default_route() =>
        new Fault("a NIC with the default route")
        {
            Inject = $"modprobe vfio-pci; if={NicOf}; ip addr add 192.0.2.7/24 dev $if; ip link set $if up; ip route add default via 192.0.2.1 dev $if",
            TakeBack = "ip addr flush to 192.0.2.7 || true", // they went with the interface when the device was given away
            Doctor = FindingIds.DeviceHoldsActiveNetworkInterface,
            Says = null,
        }.Show();

    [Fact]
    public void A_physical_function_whose_virtual_function_is_in_a_domain() =>
        new Fault("a physical function, its virtual function in a domain")
        {
            Inject = "modprobe vfio-pci; echo 1 >/sys/bus/pci/devices/0000:02:00.0/sriov_numvfs; udevadm settle",
            TakeBack = "echo 0 >/sys/bus/pci/devices/0000:02:00.0/sriov_numvfs",
            Device = Device.Disk,
            Beside = Attempts.Hostdev(PciAddress.Parse("0000:02:00.1")),
            Doctor = FindingIds.DeviceHasActiveVirtualFunctions,
            Says = "is not accessible: No such file or directory",
        }.Show();

    /// <summary>The port above it forwards to another bus: every read of the device is all ones, as of one that fell off its bus.</summary>
    [Fact]
    public void A_device_that_is_all_ones() =>
        new Fault("a device that is all 0xff")
        {
            Inject = "modprobe vfio-pci; setpci -s 00:10.0 SECONDARY_BUS=40",
            TakeBack = "setpci -s 00:10.0 SECONDARY_BUS=01",
            Doctor = FindingIds.DeviceUnresponsive,
            Says = "Unknown PCI header type '127' for device '0000:01:00.0'",
        }.Show();

    /// <summary>VFIO gives a group to one process: here to one that is no domain of libvirt's.</summary>
    [Fact]
    public void A_group_that_a_process_has_open() =>
        new Fault("another process has the group's node open")
        {
            Inject = $"modprobe vfio-pci; cd /sys/bus/pci/devices/0000:01:00.0; echo vfio-pci >driver_override; echo 0000:01:00.0 >driver/unbind; "
                + "echo 0000:01:00.0 >/sys/bus/pci/drivers_probe; udevadm settle; "
                + "exec 3<>/dev/vfio/$(basename $(readlink iommu_group)); sleep 600 </dev/null >/dev/null 2>&1 & echo $! >/run/fault.pid",
            TakeBack = "kill $(cat /run/fault.pid); cd /sys/bus/pci/devices/0000:01:00.0; echo >driver_override; "
                + "[ ! -e driver ] || echo 0000:01:00.0 >driver/unbind; echo 0000:01:00.0 >/sys/bus/pci/drivers_probe; udevadm settle",
            Doctor = FindingIds.DeviceHasOpenHandles,
            Says = "Device or resource busy",
            Explain = FindingIds.GroupBusy,
        }.Show();

    [Fact]
    public void A_twin_that_was_not_meant() =>
        new Fault("`vfio-pci.ids` names two NICs")
        {
            Inject = $"{ModuleFaultTests.Unload}; echo 'options vfio-pci ids=8086:100e' >/etc/modprobe.d/fault.conf; "
                + "for nic in 1 2; do echo 0000:04:0$nic.0 >/sys/bus/pci/drivers/e1000/unbind; done; modprobe vfio-pci",
            TakeBack = $"rm /etc/modprobe.d/fault.conf; {ModuleFaultTests.Unload}; for nic in 1 2; do echo 0000:04:0$nic.0 >/sys/bus/pci/drivers/e1000/bind; done",
            Device = Device.SharedNic,
            Doctor = FindingIds.DeviceIdenticalTwin,
            Says = null,
        }.Show();

    /// <summary>The sound driver waits for whoever has the card open before it lets go, and whoever asked it waits with it.</summary>
    [Fact]
    public void A_driver_that_does_not_let_go() =>
        new Fault("a sound card that a process has open")
        {
            Inject = "modprobe vfio-pci; exec 3</dev/snd/controlC0; sleep 600 </dev/null >/dev/null 2>&1 & echo $! >/run/fault.pid",
            TakeBack = "kill $(cat /run/fault.pid)",
            Device = Device.Sound,
            Attempt = Attempts.StartInVain,
            Doctor = FindingIds.DeviceHasOpenHandles,
            Says = "blocked for more than",
        }.Show();

    private static void Show(string name, PciAddress device, string doctor, string? says) =>
        new Fault(name) { Inject = "modprobe vfio-pci", Device = device, Doctor = doctor, Says = says }.Show();
}
