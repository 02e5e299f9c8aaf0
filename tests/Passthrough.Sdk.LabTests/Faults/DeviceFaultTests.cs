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

    private static void Show(string name, PciAddress device, string doctor, string? says) =>
        new Fault(name) { Inject = "modprobe vfio-pci", Device = device, Doctor = doctor, Says = says }.Show();
}
