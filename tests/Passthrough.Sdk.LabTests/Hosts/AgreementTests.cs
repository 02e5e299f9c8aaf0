using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Hosts;

/// <summary>One host, three witnesses: lspci, libvirt, and the library, which must say the same of every function.</summary>
[LabHost(Iommu.Vtd, Own = "agreement")]
public sealed class AgreementTests
{
    // Each with its reason.
    private static readonly (string Contains, string Reason)[] Exceptions = [];

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
        var files = PassthroughHost.Local().Capture(new CaptureOptions { AllDetails = true });
        using var connection = LibvirtConnection.Open("qemu:///system", new LibvirtConnectionOptions { ReadOnly = true });

        var told = LibvirtHost.Capture(connection);

        Assert.Equal(files.Devices.Select(Describe), told.Devices.Select(Describe));
        Assert.Equal(files.IommuGroups.Select(group => group.ToString()), told.IommuGroups.Select(group => group.ToString()));
        Assert.Equal(files.System.Iommu.GroupCount.Value, told.System.Iommu.GroupCount.Value);
        Assert.Equal(files.System.Cpu.Architecture.Value, told.System.Cpu.Architecture.Value);
        Assert.Equal(files.System.Environment.ProductName.Value, told.System.Environment.ProductName.Value);
        Assert.Equal(files.Devices.Select(device => Usage(files, device)), files.Devices.Select(device => Usage(told, device)));
        Assert.True(told.System.Kernel.CommandLine.IsUnknown);
        Assert.Empty(told.Unread);
    }

    private static void AssertAgreement()
    {
        var snapshot = PassthroughHost.Local().Capture(new CaptureOptions { AllDetails = true });
        var names = PciIdDatabase.Load();
        var differences = LspciAgreement.Differences(snapshot, names).Concat(NodeDeviceAgreement.Differences(snapshot, names))
            .Where(difference => !Exceptions.Any(exception => difference.Contains(exception.Contains, StringComparison.Ordinal)));
        Assert.Equal("", string.Join('\n', differences));
    }

    private static string Describe(PciDevice device) =>
        $"{device} {device.IommuGroup} {device.NumaNode} {device.PhysicalFunction} {string.Join(',', device.VirtualFunctions)} "
        + $"{device.Details!.Link} {device.Details.Sriov?.TotalVirtualFunctions} {string.Join(',', device.Details.Bridges)}";

    private static string Usage(HostSnapshot snapshot, PciDevice device)
    {
        var usage = snapshot.System.Usage[device.Address];
        return $"{device.Address} {string.Join(',', usage.NetworkInterfaces.Value.Select(net => $"{net.Name} {net.HardwareAddress.Value} {net.OperationalState.Value}"))} "
            + $"{string.Join(',', usage.BlockDevices.Value.Select(disk => $"{disk.Name} {disk.Size.Value}").Order(StringComparer.Ordinal))} {string.Join(',', usage.ScsiHosts.Value.Order(StringComparer.Ordinal))} "
            + $"{string.Join(',', usage.DrmNodes.Value.Order(StringComparer.Ordinal))} {string.Join(',', usage.UsbBuses.Value.Order(StringComparer.Ordinal))}";
    }
}
