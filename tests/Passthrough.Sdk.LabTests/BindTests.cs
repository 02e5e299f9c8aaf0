using System.Diagnostics;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests;

/// <summary><c>passthrough bind</c>, <c>unbind</c> and <c>reset</c> on real drivers, without libvirt's help.</summary>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class BindTests : IDisposable
{
    private const string Nic = "0000:01:00.0";
    private const string Shared = "0000:04:01.0 0000:04:02.0";

    public void Dispose()
    {
        Shell.Try($"{CommandLine.Program} unbind {Nic} {Shared} 0000:00:1b.0");
        LeftJournal.Clear();
    }

    [Fact]
    public void A_nic_is_bound_and_returns()
    {
        Shell.Run("modprobe -r vfio-pci; true"); // the plan loads it
        var (code, output, errors) = Run($"bind {Nic}");

        Assert.True(code == 0, output + errors);
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        Assert.Matches($"{Nic}: vfio-pci, IOMMU group [0-9]+", output);
        Assert.True(Directory.Exists("/dev/vfio"), "no group");
        Assert.Equal(0, Run($"bind {Nic}").Code); // nothing to do

        (code, output, errors) = Run($"unbind {Nic}");
        Assert.True(code == 0, output + errors);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal("(null)", Shell.Run($"cat /sys/bus/pci/devices/{Nic}/driver_override"));
        Assert.NotEqual("", Shell.Run($"for i in $(seq 50); do ls /sys/bus/pci/devices/{Nic}/net && break; sleep 0.1; done"));
    }

    [Fact]
    public void A_group_is_bound_together_and_a_member_alone_is_warned_of()
    {
        Assert.Contains("group.not-viable", Run("bind 0000:04:01.0 --dry-run").Output, StringComparison.Ordinal);
        Assert.Equal(0, Run($"bind {Shared}").Code);
        Assert.Equal("vfio-pci vfio-pci", Shell.Run("echo $(for d in 0000:04:01.0 0000:04:02.0; do basename $(readlink /sys/bus/pci/devices/$d/driver); done)"));
        Assert.Equal(0, Run($"unbind {Shared}").Code);
        Assert.Equal("e1000 e1000", Shell.Run("echo $(for d in 0000:04:01.0 0000:04:02.0; do basename $(readlink /sys/bus/pci/devices/$d/driver); done)"));
    }

    [Fact]
    public void A_nic_in_use_and_a_mounted_disk_are_refused()
    {
        Shell.Run($"net=$(ls /sys/bus/pci/devices/{Nic}/net); ip link set $net up; ip addr add 192.0.2.9/24 dev $net; mkfs.ext4 -q -F /dev/nvme0n1; mkdir -p /tmp/bound; mount /dev/nvme0n1 /tmp/bound");
        try
        {
            foreach (var device in new[] { Nic, "0000:02:00.0" })
            {
                var (code, _, errors) = Run($"bind {device}");
                Assert.True(code == 1, errors);
                Assert.Equal(1, errors.Count(c => c == '\n'));
            }

            Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        }
        finally
        {
            Shell.Run($"umount /tmp/bound; net=$(ls /sys/bus/pci/devices/{Nic}/net) && ip addr flush dev $net && ip link set $net down");
        }
    }

    [Fact]
    public void A_device_that_a_program_has_open_is_not_taken_back()
    {
        Assert.Equal(0, Run($"bind {Nic}").Code);
        var group = Path.GetFileName(new FileInfo($"/sys/bus/pci/devices/{Nic}/iommu_group").LinkTarget);
        using var holder = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec 9<>/dev/vfio/{group}; echo open; sleep 1000"]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("open", holder.StandardOutput.ReadLine());
            var (code, _, errors) = Run($"unbind {Nic}");
            Assert.True(code == 1, errors);
            Assert.Contains("device.has-open-handles", errors, StringComparison.Ordinal);
            Assert.Equal(1, Run($"reset {Nic}").Code);
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            holder.WaitForExit();
        }

        Assert.Equal(0, Run($"unbind {Nic}").Code);
    }

    [Fact]
    public void A_device_is_reset_by_the_method_that_is_named()
    {
        var methods = Shell.Run($"cat /sys/bus/pci/devices/{Nic}/reset_method");
        Assert.NotEqual("", methods);
        foreach (var method in methods.Split(' '))
        {
            // The kernel lists a reset of the bus and may yet refuse it, depending on the slot.
            var (code, output, errors) = Run($"reset {Nic} --method {method}");
            Assert.True(code == 0 || (method == "bus" && code == 3 && errors.Contains("ENOTTY", StringComparison.Ordinal)), output + errors);
            Assert.Equal(methods, Shell.Run($"cat /sys/bus/pci/devices/{Nic}/reset_method"));
        }

        Assert.Equal("0x8086", Shell.Run($"cat /sys/bus/pci/devices/{Nic}/vendor"));
        Assert.Equal(3, Run($"reset {Nic} --method device_specific").Code);
        var shared = Run("reset 0000:04:01.0");
        Assert.True(shared.Code is 0 or 1, shared.Errors);
    }

    [Fact]
    public void A_driver_that_does_not_take_the_device_is_undone()
    {
        var (code, _, errors) = Run($"bind {Nic} --driver virtio-pci"); // probes it, and refuses

        Assert.True(code == 3, errors);
        Assert.Contains("every change was undone", errors, StringComparison.Ordinal);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal("(null)", Shell.Run($"cat /sys/bus/pci/devices/{Nic}/driver_override"));
        Assert.Equal("", HostPicture.Entries());
        Assert.False(Directory.Exists($"{new PlanOptions().JournalDirectory}/assigned") && Directory.GetFiles($"{new PlanOptions().JournalDirectory}/assigned", $"{Nic}*").Length > 0, "a record is left");
    }

    private static (int Code, string Output, string Errors) Run(string arguments) => Shell.Try($"{CommandLine.Program} {arguments}");
}
