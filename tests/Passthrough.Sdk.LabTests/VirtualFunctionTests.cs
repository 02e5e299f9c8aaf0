using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests;

/// <summary><c>passthrough vf</c> on a real SR-IOV device: the lab's NVMe disk with room for four.</summary>
[LabHost(Iommu.Vtd, Own = "agreement")]
public sealed class VirtualFunctionTests
{
    private const string Numbers = "/sys/bus/pci/devices/0000:02:00.0/sriov_numvfs";
    private static readonly string Journal = new Sdk.Plans.PlanOptions().JournalDirectory;

    [Fact]
    public void The_number_is_set_changed_by_way_of_0_and_taken_back()
    {
        DoNotProbe();
        Assert.Equal((0, "0000:02:00.0: 2 virtual functions: 0000:02:00.1 0000:02:00.2\n"), Vf("0000:02:00.0 2"));
        Assert.Equal("2", Shell.Run($"cat {Numbers}"));
        Assert.Equal((0, "0000:02:00.0: 4 virtual functions: 0000:02:00.1 0000:02:00.2 0000:02:00.3 0000:02:00.4\n"), Vf("0000:02:00.0 4"));
        Assert.Equal((0, "0000:02:00.0: 4 virtual functions: 0000:02:00.1 0000:02:00.2 0000:02:00.3 0000:02:00.4\n"), Vf("0000:02:00.0 4"));
        Assert.Equal((0, "0000:02:00.0: 0 virtual functions\n"), Vf("0000:02:00.0 0"));
        Assert.Equal("0", Shell.Run($"cat {Numbers}"));
    }

    [Fact]
    public void Without_probing_the_host_binds_no_driver_to_new_functions()
    {
        const string Probing = "/sys/bus/pci/devices/0000:02:00.0/sriov_drivers_autoprobe";
        Shell.Run($"echo 1 >{Probing}");
        try
        {
            Assert.Equal((0, "0000:02:00.0: 2 virtual functions: 0000:02:00.1 0000:02:00.2\n"), Vf("0000:02:00.0 2 --no-autoprobe"));
            Assert.Equal("0", Shell.Run($"cat {Probing}"));
            Assert.Equal("", Shell.Run("udevadm settle; sleep 1; ls -d /sys/bus/pci/devices/0000:02:00.[12]/driver 2>/dev/null || true"));
            var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf 0000:02:00.0 2 --vf '0 vlan=7'");
            Assert.Equal(1, code);
            Assert.Contains("no network interface", errors, StringComparison.Ordinal);
            Assert.Equal((0, "0000:02:00.0: 0 virtual functions\n"), Vf("0000:02:00.0 0 --autoprobe"));
            Assert.Equal("1", Shell.Run($"cat {Probing}"));
        }
        finally
        {
            Shell.Run($"echo 0 > {Numbers}; echo 1 >{Probing}");
        }
    }

    [Fact]
    public void What_the_physical_functions_disk_holds_stays_through_every_change()
    {
        DoNotProbe();
        Shell.Run("mkfs.ext4 -q -F /dev/nvme0n1; mkdir -p /tmp/kept; mount /dev/nvme0n1 /tmp/kept; dd if=/dev/urandom of=/tmp/kept/file bs=1M count=8 status=none; sync");
        try
        {
            var before = Sum();
            foreach (var number in new[] { 2, 4, 0 })
            {
                Assert.Equal(0, Vf($"0000:02:00.0 {number}").Code);
                Assert.Equal(before, Sum());
            }

            // The whole life of one of two: made, given to a running guest, returned, removed.
            Shell.Run("modprobe vfio-pci");
            using (var vm = LabDomain.Define("vfguest"))
            {
                vm.Domain.Start();
                Do("vf 0000:02:00.0 2", before);
                Do("assign 0000:02:00.1 --domain vfguest --yes", before);
                Assert.Equal("vfio-pci", Device.DriverOf(PciAddress.Parse("0000:02:00.1")));
                Assert.Contains("1b36:0010", Shell.Run("virsh qemu-monitor-command vfguest --hmp 'info pci'"), StringComparison.OrdinalIgnoreCase);
                Assert.Equal(1, Vf("0000:02:00.0 0").Code);
                Assert.Equal(before, Sum());
                vm.Domain.Destroy();
                Do("release 0000:02:00.1 --domain vfguest", before);
                Assert.DoesNotContain("<hostdev", vm.Definition, StringComparison.Ordinal);
                Do("vf 0000:02:00.0 0", before);
            }

            Assert.Equal("", HostPicture.Entries());
            Shell.Run("echo more >/tmp/kept/more; sync");
        }
        finally
        {
            Shell.Run("umount /tmp/kept; fsck.ext4 -fn /dev/nvme0n1 >/dev/null");
        }

        static void Do(string command, string sum)
        {
            var (code, output, errors) = Shell.Try($"{CommandLine.Program} {command}");
            Assert.True(code == 0, $"{command}: exit code {code}: {output}{errors}");
            Assert.Equal(sum, Sum());
        }

        static string Sum() => Shell.Run("echo 3 >/proc/sys/vm/drop_caches; sha256sum </tmp/kept/file");
    }

    [Theory]
    [InlineData("0000:02:00.0 9", 1, "at most 4")]
    [InlineData("0000:01:00.0 1", 1, "does not support SR-IOV")]
    [InlineData("0000:09:00.0 1", 3, "0000:09:00.0")]
    [InlineData("0000:02:00.0 -1", 2, "-1")]
    [InlineData("0000:02:00.0 many", 2, "many")]
    public void What_cannot_be_is_one_line_and_changes_nothing(string arguments, int exitCode, string named)
    {
        var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf {arguments}");

        Assert.True(code == exitCode, $"exit code {code}: {errors}");
        Assert.Equal(1, errors.Count(c => c == '\n'));
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Equal("0", Shell.Run($"cat {Numbers}"));
    }

    [Fact]
    public void Virtual_functions_of_a_running_domain_stay()
    {
        DoNotProbe();
        Shell.Run($"modprobe vfio-pci; echo 2 > {Numbers}; udevadm settle");
        try
        {
            using var vm = LabDomain.Define("vfowner", devices:
                "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/></source></hostdev>");
            vm.Domain.Start();

            var (code, _, errors) = Shell.Try($"{CommandLine.Program} vf 0000:02:00.0 0");

            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains("vfowner", errors, StringComparison.Ordinal);
            Assert.Equal("2", Shell.Run($"cat {Numbers}"));
        }
        finally
        {
            Shell.Run($"echo 0 > {Numbers}");
        }
    }

    [Fact]
    public void Virtual_functions_in_the_definition_of_a_domain_that_is_shut_off_stay_until_they_are_released()
    {
        DoNotProbe();
        Shell.Run($"modprobe vfio-pci; echo 2 > {Numbers}; udevadm settle");
        try
        {
            using var vm = LabDomain.Define("vfasks", devices:
                "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/></source></hostdev>");

            var (code, output) = Vf("0000:02:00.0 0");
            Assert.True(code == 1, $"exit code {code}: {output}");
            Assert.Contains("vfasks", output, StringComparison.Ordinal);
            Assert.Equal("2", Shell.Run($"cat {Numbers}"));

            // A number that brings it back is fine.
            Assert.Equal(0, Vf("0000:02:00.0 3").Code);

            // What went in another way is not a dead end.
            Shell.Run($"echo 0 > {Numbers}");
            (code, output, var errors) = Shell.Try($"{CommandLine.Program} release 0000:02:00.1 --domain vfasks");
            Assert.True(code == 0, $"exit code {code}: {output}{errors}");
            Assert.DoesNotContain("<hostdev", vm.Definition, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run($"echo 0 > {Numbers}");
        }
    }

    [Fact]
    public void A_virtual_function_that_was_reserved_refuses_a_change_that_creates_it_again()
    {
        DoNotProbe();
        Shell.Run($"modprobe vfio-pci; echo 2 > {Numbers}; udevadm settle; echo vfio-pci > /sys/bus/pci/devices/0000:02:00.1/driver_override");
        try
        {
            var (code, output) = Vf("0000:02:00.0 3");
            Assert.True(code == 1, $"exit code {code}: {output}");
            Assert.Contains("driver_override vfio-pci", output, StringComparison.Ordinal);
            Assert.Equal("2", Shell.Run($"cat {Numbers}"));

            Assert.Equal(0, Vf("0000:02:00.0 3 --accept device.virtual-function-settings-lost").Code);
            Assert.Equal("3", Shell.Run($"cat {Numbers}"));
        }
        finally
        {
            Shell.Run($"echo 0 > {Numbers}");
        }
    }

    [Fact]
    public void Virtual_functions_in_the_pool_of_a_network_stay_while_a_definition_has_an_interface_in_it()
    {
        DoNotProbe();
        Shell.Run($"modprobe vfio-pci; echo 2 > {Numbers}; udevadm settle");
        Shell.Run("printf %s \"<network><name>pool</name><forward mode='hostdev' managed='yes'><address type='pci' domain='0' bus='2' slot='0' function='2'/></forward></network>\" >/tmp/pool.xml; virsh -q net-define /tmp/pool.xml");
        try
        {
            using var vm = LabDomain.Define("vfpool", devices: "<interface type='network'><source network='pool'/></interface>");
            var (code, output) = Vf("0000:02:00.0 0");
            Assert.True(code == 1, $"exit code {code}: {output}");
            Assert.Contains("vfpool", output, StringComparison.Ordinal);
            Assert.Equal("2", Shell.Run($"cat {Numbers}"));
        }
        finally
        {
            Shell.Run($"virsh -q net-undefine pool; echo 0 > {Numbers}");
        }
    }

    /// <summary>Where the signal hits before the new number is there, the number from before comes back; where the plan had come to its end, it stays done and recover says so.</summary>
    [Fact]
    public void A_number_whose_change_was_killed_comes_back_with_recover()
    {
        DoNotProbe();
        Shell.Run($"echo 2 > {Numbers}");
        try
        {
            using (var change = RunningCommand.Start("vf 0000:02:00.0 4"))
            {
                // Words of bash only: another program would be too slow.
                Shell.Run($"until compgen -G '{Journal}/*.json' >/dev/null; do kill -0 {change.Id} || exit 0; done; kill -KILL {change.Id}");
                change.WaitForEnd();
            }

            Assert.NotEqual("", HostPicture.Entries());
            var (code, output) = Vf("0000:02:00.0 1");
            Assert.True(code == 1, $"exit code {code}: {output}");
            Assert.Contains("from 2 to 4 virtual functions", output, StringComparison.Ordinal);
            Assert.Contains("passthrough recover", output, StringComparison.Ordinal);

            (code, output, var errors) = Shell.Try($"{CommandLine.Program} recover");
            Assert.True(code == 0, $"exit code {code}: {output}{errors}");
            Assert.Equal("", HostPicture.Entries());
            var number = Shell.Run($"cat {Numbers}");
            Assert.True(number == "2" || (number == "4" && output.Contains("had been completed", StringComparison.Ordinal)), $"{number}: {output}");
        }
        finally
        {
            LeftJournal.Clear();
            Shell.Run($"echo 0 > {Numbers}");
        }
    }

    [Fact]
    public void A_libvirt_that_does_not_answer_is_not_taken_for_one_without_domains()
    {
        DoNotProbe();
        Shell.Run($"echo 2 > {Numbers}; id=$(cat /run/libvirtd.pid); kill $id; while [ -e /proc/$id ]; do sleep 0.1; done");
        try
        {
            var (code, output) = Vf("0000:02:00.0 0");
            Assert.True(code == 1, $"exit code {code}: {output}");
            Assert.Contains("qemu:///system does not answer", output, StringComparison.Ordinal);
            Assert.Equal("2", Shell.Run($"cat {Numbers}"));

            Assert.Equal((0, "0000:02:00.0: 0 virtual functions\n"), Vf("0000:02:00.0 0 --accept device.in-use-by-domain"));
        }
        finally
        {
            LibvirtDaemon.Start();
            Shell.Run($"echo 0 > {Numbers}");
        }
    }

    // QEMU's virtual functions need a secondary controller that is switched on; without, nvme waits for each in vain, for minutes here.
    private static void DoNotProbe() => Shell.Run("echo 0 > /sys/bus/pci/devices/0000:02:00.0/sriov_drivers_autoprobe");

    private static (int Code, string Output) Vf(string arguments)
    {
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} vf {arguments}");
        return (code, output + errors);
    }
}
