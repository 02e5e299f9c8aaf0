using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Hosts;

/// <summary>One host, three witnesses: lspci, libvirt, and the library, which must say the same of every function.</summary>
[LabHost(Iommu.Vtd, Own = "agreement")]
public sealed class AgreementTests
{
    [Fact]
    public void The_library_lspci_and_libvirt_agree_on_every_function_whatever_is_done_to_them()
    {
        AssertAgreement();

        Shell.Run("modprobe vfio-pci; echo 0 > /sys/bus/pci/devices/0000:02:00.0/sriov_drivers_autoprobe; echo 2 > /sys/bus/pci/devices/0000:02:00.0/sriov_numvfs; udevadm settle");
        Shell.Run("for i in $(seq 100); do [ $(virsh -c qemu:///system nodedev-list --cap pci | grep -c pci_0000_02_) = 3 ] && exit; sleep 0.2; done; exit 1");
        AssertAgreement();

        Shell.Run("for d in pci_0000_01_00_0 pci_0000_00_1b_0; do virsh -q -c qemu:///system nodedev-detach $d; done; udevadm settle");
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        AssertAgreement();
        Shell.Run("for d in pci_0000_01_00_0 pci_0000_00_1b_0; do virsh -q -c qemu:///system nodedev-reattach $d; done; echo 0 > /sys/bus/pci/devices/0000:02:00.0/sriov_numvfs");
    }

    [Fact]
    public void What_libvirt_tells_of_the_host_is_what_its_files_say()
    {
        // libvirtd lists a disk when udev has told its kind, which on a busy machine is after it answers.
        Shell.Run("udevadm settle; for i in $(seq 300); do virsh -c qemu:///system nodedev-list | grep -q block_nvme0n1 && exit; sleep 0.2; done; exit 1");
        var files = PassthroughHost.Local().Capture(new CaptureOptions { AllDetails = true });
        using var connection = LibvirtConnection.Open("qemu:///system", new LibvirtConnectionOptions { ReadOnly = true });

        var told = LibvirtHost.Capture(connection);

        Assert.Equal(files.Devices.Select(Describe), told.Devices.Select(Describe));
        Assert.Equal(files.IommuGroups.Select(group => group.ToString()), told.IommuGroups.Select(group => group.ToString()));
        Assert.Equal(files.System.Iommu.GroupCount.Value, told.System.Iommu.GroupCount.Value);
        Assert.Equal(files.System.Cpu.Architecture.Value, told.System.Cpu.Architecture.Value);
        Assert.Equal(files.System.Environment.ProductName.Value, told.System.Environment.ProductName.Value);
        Assert.Equal(files.Devices.Select(device => Usage(files, told, device)), files.Devices.Select(device => Usage(told, told, device)));
        Assert.Contains("nvme0n1", files.System.Usage[PciAddress.Parse("0000:02:00.0")].BlockDevices.Value.Select(disk => disk.Name));
        Assert.True(told.System.Kernel.CommandLine.IsUnknown);
        Assert.Empty(told.Unread);
    }

    private static void AssertAgreement()
    {
        var snapshot = PassthroughHost.Local().Capture(new CaptureOptions { AllDetails = true });
        var names = PciIdDatabase.Load();
        var differences = LspciAgreement.Differences(snapshot, names).Concat(NodeDeviceAgreement.Differences(snapshot, names));
        var text = string.Join('\n', differences);
        Assert.True(text.Length == 0, text);
    }

    private static string Describe(PciDevice device) =>
        $"{device} {device.IommuGroupId} {device.NumaNode} {device.PhysicalFunction} {string.Join(',', device.VirtualFunctions)} "
        + $"{device.Details!.Link} {device.Details.Sriov?.TotalVirtualFunctions} {string.Join(',', device.Details.Bridges)}";

    // Of a disk controller without a disk libvirt cannot tell that there is none.
    private static string Usage(HostSnapshot snapshot, HostSnapshot told, PciDevice device)
    {
        var knowsDisks = told.System.Usage[device.Address].BlockDevices.IsKnown;
        var usage = snapshot.System.Usage[device.Address];
        return $"{device.Address} {string.Join(',', usage.NetworkInterfaces.Value.Select(net => $"{net.Name} {net.HardwareAddress.Value} {net.OperationalState.Value}"))} "
            + $"{string.Join(',', (knowsDisks ? usage.BlockDevices.Value : []).Select(disk => $"{disk.Name} {disk.Size.Value}").Order(StringComparer.Ordinal))} {string.Join(',', usage.ScsiHosts.Value.Order(StringComparer.Ordinal))} "
            + $"{string.Join(',', usage.DrmNodes.Value.Order(StringComparer.Ordinal))} {string.Join(',', usage.UsbBuses.Value.Order(StringComparer.Ordinal))}";
    }
}
