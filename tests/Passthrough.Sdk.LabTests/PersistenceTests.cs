using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;

namespace Passthrough.LabTests;

/// <summary>
/// One of two equal NICs, virtual functions and the first of them are configured for every boot, with real reboots between: the next
/// host starts with the files in /etc/udev/rules.d that the one before left, and its own udevd finds the devices with them.
/// </summary>
public sealed class PersistenceTests
{
    private const string Parameters = "quiet intel_iommu=on iommu=pt";

    private static readonly PciAddress Twin = PciAddress.Parse("0000:04:02.0");
    private static readonly PciAddress FirstFunction = PciAddress.Parse("0000:02:00.1");
    private static readonly PciAddress SecondFunction = PciAddress.Parse("0000:02:00.2");

    [Fact, LabHost(Iommu.Vtd, Own = "persistent")]
    public void Configuring_changes_nothing_before_the_next_boot()
    {
        InstalledHost.Make(Parameters);
        Shell.Run($"echo 0 >/sys/bus/pci/devices/{Device.Disk}/sriov_drivers_autoprobe; echo 2 >/sys/bus/pci/devices/{Device.Disk}/sriov_numvfs; udevadm settle");
        Shell.Run($"{CommandLine.Program} persist add {Device.Disk} --vfs 2");
        Shell.Run($"{CommandLine.Program} persist add {Device.Nic} {Device.SharedNic} {FirstFunction}");

        Assert.Equal("e1000", Device.DriverOf(Device.SharedNic));
        Assert.Equal("e1000", Device.DriverOf(Twin));
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Null(Device.DriverOf(FirstFunction));
        InstalledHost.KeepForTheNextBoot();
    }

    [Fact, LabHost(Iommu.Vtd, Own = "persistent-removed", NextBootOf = "persistent")]
    public void After_a_reboot_the_configured_devices_are_bound_and_their_twins_are_not()
    {
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        Assert.Equal("vfio-pci", Device.DriverOf(Device.SharedNic));
        Assert.Equal("e1000", Device.DriverOf(Twin));
        Assert.Equal("nvme", Device.DriverOf(Device.Disk));
        Assert.Equal("vfio-pci", Device.DriverOf(FirstFunction));
        Assert.Null(Device.DriverOf(SecondFunction));
        Assert.Equal("2", Shell.Run($"cat /sys/bus/pci/devices/{Device.Disk}/sriov_numvfs"));
        var checks = Checks();
        Assert.Equal(4, checks.Count);
        Assert.All(checks, check => Assert.Equal((PersistenceState.InEffect, false), (check.State, check.Device.IsEdited)));

        AnIdleDeviceIsTakenAgainAndOneInUseIsNot();
        AnotherSerialNumberIsAnotherDevice();

        Shell.Run($"{CommandLine.Program} persist remove {Device.Disk} {Device.Nic} {Device.SharedNic} {FirstFunction}");

        Assert.Equal("", Shell.Run("ls /etc/udev/rules.d | grep passthrough || true"));
        InstalledHost.Make(Parameters);
        InstalledHost.KeepForTheNextBoot();
    }

    [Fact, LabHost(Iommu.Vtd, NextBootOf = "persistent-removed")]
    public void After_the_removal_and_another_reboot_nothing_is_left()
    {
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal("e1000", Device.DriverOf(Device.SharedNic));
        Assert.Equal("e1000", Device.DriverOf(Twin));
        Assert.Equal("(null)", Shell.Run($"cat /sys/bus/pci/devices/{Device.SharedNic}/driver_override"));
        Assert.Equal("0", Shell.Run($"cat /sys/bus/pci/devices/{Device.Disk}/sriov_numvfs"));
        Assert.Empty(PassthroughHost.Local().Capture().System.Persistence.Devices.Value);
    }

    // What a driver from the initramfs has is taken at coldplug: the same event, with the other driver bound.
    private static void AnIdleDeviceIsTakenAgainAndOneInUseIsNot()
    {
        ReturnToHost(Device.SharedNic, "vfio-pci");
        Assert.Equal("e1000", Device.DriverOf(Device.SharedNic));
        Shell.Run($"ip link set $(ls /sys/bus/pci/devices/{Device.SharedNic}/net) up");
        Coldplug(Device.SharedNic);
        Assert.Equal("e1000", Device.DriverOf(Device.SharedNic));
        Assert.Contains($"passthrough: {Device.SharedNic} stays with the driver e1000 because of ", Shell.Run("dmesg"), StringComparison.Ordinal);

        Shell.Run($"ip link set $(ls /sys/bus/pci/devices/{Device.SharedNic}/net) down");
        Coldplug(Device.SharedNic);
        Assert.Equal("vfio-pci", Device.DriverOf(Device.SharedNic));
    }

    private static void AnotherSerialNumberIsAnotherDevice()
    {
        var file = new TextFile("/", UdevRuleFile.PathOfBinding(Device.Nic));
        var written = file.Read();
        var other = PersistentBinding.Of(Capture(Device.Nic)) is var binding && binding.Device.Identity.SerialNumber is { } serial
            ? binding with { Device = binding.Device with { Identity = binding.Device.Identity with { SerialNumber = serial ^ 1 } } }
            : throw new InvalidOperationException("the lab's NIC has no serial number");
        file.Change(written, UdevRuleWriter.Write(other));
        Shell.Run("udevadm control --reload");
        ReturnToHost(Device.Nic, "vfio-pci");
        Coldplug(Device.Nic);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Contains($"passthrough: {Device.Nic} is not the device that ", Shell.Run("dmesg"), StringComparison.Ordinal);
        Assert.Equal(PersistenceState.OtherDevice, Assert.Single(Checks(), check => check.Device.Address == Device.Nic).State);
        file.Change(file.Read(), written);
        Shell.Run("udevadm control --reload");
        Coldplug(Device.Nic);
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
    }

    private static void ReturnToHost(PciAddress device, string from) => Shell.Run(
        $"echo >/sys/bus/pci/devices/{device}/driver_override; echo {device} >/sys/bus/pci/drivers/{from}/unbind; echo {device} >/sys/bus/pci/drivers_probe; udevadm settle");

    private static void Coldplug(PciAddress device) => Shell.Run($"udevadm trigger --action=add /sys/bus/pci/devices/{device}; udevadm settle");

    private static ValueList<PersistenceCheck> Checks()
    {
        var snapshot = PassthroughHost.Local().Capture(new CaptureOptions { AllDetails = true });
        return snapshot.System.Persistence.Check(snapshot.Devices);
    }

    private static PciDevice Capture(PciAddress device) => PassthroughHost.Local().Capture(new CaptureOptions { DetailsOf = [device] }).Devices[device];
}
