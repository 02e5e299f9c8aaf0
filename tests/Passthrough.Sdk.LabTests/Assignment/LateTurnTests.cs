using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Assignment;

/// <summary>What turns while <c>assign</c> waits for its answer: the guards are asked again before the first step.</summary>
[LabHost(Iommu.Vtd, Own = "guards")]
public sealed class LateTurnTests
{
    public LateTurnTests() => Shell.Run("modprobe vfio-pci");

    [Fact]
    public void A_disk_that_is_mounted_meanwhile_stays_with_the_host()
    {
        Shell.Run("mkdir -p /tmp/late; mkfs.ext4 -q -F /dev/nvme0n1");
        using var vm = LabDomain.Define("late");
        var before = HostPicture.Of(Device.Disk, vm);
        try
        {
            var (code, errors) = Answer(vm, Device.Disk.ToString(), "mount /dev/nvme0n1 /tmp/late && echo kept >/tmp/late/file");

            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains("/tmp/late", errors, StringComparison.Ordinal);
            Assert.Equal(before with { Mounts = "/tmp/late (ext4 on /dev/nvme0n1)" }, HostPicture.Of(Device.Disk, vm));
            Assert.Equal("kept", Shell.Run("sync; echo 3 >/proc/sys/vm/drop_caches; cat /tmp/late/file"));
        }
        finally
        {
            Shell.Run("umount /tmp/late");
        }
    }

    [Fact]
    public void A_NIC_that_gets_the_default_route_meanwhile_stays_with_the_host()
    {
        using var vm = LabDomain.Define("late");
        var before = HostPicture.Of(Device.Nic, vm);
        var name = Shell.Run($"ls /sys/bus/pci/devices/{Device.Nic}/net");
        try
        {
            var (code, errors) = Answer(vm, Device.Nic.ToString(), $"ip address add 192.0.2.2/24 dev {name}; ip link set {name} up; ip route add default via 192.0.2.1 dev {name}");

            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains(name, errors, StringComparison.Ordinal);
            Assert.Contains("the default route leads through it", errors, StringComparison.Ordinal);
            Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
        }
        finally
        {
            Shell.Run($"ip address flush dev {name}; ip link set {name} down");
        }
    }

    [Fact]
    public void A_device_that_another_domain_took_meanwhile_stays_with_it()
    {
        using var vm = LabDomain.Define("late");
        using var other = LabDomain.Define("quicker");
        other.Domain.Start();

        var (code, errors) = Answer(vm, Device.Nic.ToString(), $"{CommandLine.Program} assign {Device.Nic} --domain quicker --yes");

        Assert.True(code == 1, $"exit code {code}: {errors}");
        Assert.Contains("quicker", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hostdev", vm.Definition, StringComparison.Ordinal);
        Assert.True(HostPicture.Of(Device.Nic, other).IsLive);
        other.Domain.Destroy();
        Shell.Run($"{CommandLine.Program} release {Device.Nic} --domain quicker");
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal("", HostPicture.Entries());
    }

    [Fact]
    public void A_NIC_whose_driver_is_another_one_by_now_stays_as_it_is()
    {
        using var vm = LabDomain.Define("late");
        var before = HostPicture.Of(Device.Nic, vm);
        var sysfs = $"/sys/bus/pci/devices/{Device.Nic}";
        try
        {
            var (code, errors) = Answer(
                vm, Device.Nic.ToString(), $"echo vfio-pci >{sysfs}/driver_override; echo {Device.Nic} >{sysfs}/driver/unbind; echo {Device.Nic} >/sys/bus/pci/drivers_probe");

            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains("was bound to e1000e when the plan was made and is now bound to vfio-pci", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("hostdev", vm.Definition, StringComparison.Ordinal);
            Assert.Equal(("vfio-pci", "vfio-pci"), (Device.DriverOf(Device.Nic), Shell.Run($"cat {sysfs}/driver_override")));
            Assert.Equal("", HostPicture.Entries());
        }
        finally
        {
            Shell.Run($"echo {Device.Nic} >{sysfs}/driver/unbind; echo >{sysfs}/driver_override; echo {Device.Nic} >/sys/bus/pci/drivers_probe");
        }

        Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
    }

    [Fact]
    public void Two_domains_that_want_members_of_one_group_get_it_in_turn_or_not_at_all()
    {
        using var first = LabDomain.Define("first");
        using var second = LabDomain.Define("second");

        // Half of a group, for each of the two: refused for both, and neither keeps anything.
        foreach (var (vm, address) in new[] { (first, "0000:04:01.0"), (second, "0000:04:02.0") })
        {
            var (code, _, errors) = Shell.Try($"{CommandLine.Program} assign {address} --domain {vm.Domain.Name} --yes --accept group.not-viable");
            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains("group.not-viable cannot be accepted", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("hostdev", vm.Definition, StringComparison.Ordinal);
        }

        Assert.Equal("e1000 e1000", $"{Device.DriverOf(Device.SharedNic)} {Device.DriverOf(Sdk.Pci.PciAddress.Parse("0000:04:02.0"))}");
    }

    [Fact]
    public void A_free_device_has_no_guard_that_cannot_be_determined()
    {
        using var vm = LabDomain.Define("free");
        foreach (var device in new[] { Device.Nic, Device.Sound, Device.Disk })
        {
            var (code, output, errors) = Shell.Try($"{CommandLine.Program} assign {device} --domain free --dry-run");
            Assert.True(code == 0, $"{device}: exit code {code}: {output}{errors}");
        }
    }

    private static (int Code, string Errors) Answer(LabDomain vm, string device, string meanwhile)
    {
        using var assign = RunningCommand.Start($"assign {device} --domain {vm.Domain.Name}");
        assign.WaitFor("Apply this plan?");
        Shell.Run(meanwhile);
        assign.Say("y");
        var (code, _, errors) = assign.WaitForEnd();
        Assert.Equal(1, errors.Count(c => c == '\n'));
        return (code, errors);
    }
}
