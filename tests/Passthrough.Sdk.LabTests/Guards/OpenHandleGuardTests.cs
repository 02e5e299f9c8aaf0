using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Guards;

/// <summary>A plan for a device that a process has open is refused, whichever of its nodes it is and wherever the node lies. The rows are those of docs/guards.md.</summary>
[LabHost(Iommu.Vtd, Own = "disks")]
public sealed class OpenHandleGuardTests
{
    private const string Prepare = "modprobe -a vfio-pci dm-mod; for i in $(seq 100); do [ -e /dev/snd/controlC0 ] && break; sleep 0.1; done; ";

    [Theory]
    [InlineData("a program that has the disk open", "0000:02:00.0", "/dev/nvme0n1")]
    [InlineData("a program that has the NVMe controller open", "0000:02:00.0", "/dev/nvme0")]
    [InlineData("a program that has the generic node of the NVMe disk open", "0000:02:00.0", "/dev/ng0n1")]
    [InlineData("a program that has another node of the disk open, made with mknod", "0000:02:00.0", "/run/elsewhere", "mknod /run/elsewhere b $(tr : ' ' </sys/block/nvme0n1/dev)", "rm /run/elsewhere")]
    [InlineData("a program that has a PCM of a sound card open", "0000:00:1b.0", "/dev/snd/pcmC0D0p")]
    [InlineData("a program that has the control node of a sound card open", "0000:00:1b.0", "/dev/snd/controlC0")]
    public void A_node_that_a_program_has_open_refuses_the_plan(string name, string address, string path, string make = "true", string end = "true")
    {
        Held(name, PciAddress.Parse(address), path, FindingSeverity.Error, make, end);
    }

    [Fact]
    public void A_volume_on_the_disk_counts()
    {
        Held("a program that has a volume on the disk open", Device.Disk, "/dev/dm-0", FindingSeverity.Error,
            "echo '0 1024 linear /dev/nvme0n1 0' | dmsetup create held; udevadm settle", "dmsetup remove --retry held", first: FindingIds.DeviceHoldsActiveVolume);
    }

    /// <summary>A sound server keeps the control node while nothing plays, and lets go when the card goes; a PCM means that something plays.</summary>
    [Theory]
    [InlineData("PulseAudio or PipeWire, idle, with the control node of a sound card", "/dev/snd/controlC0", FindingSeverity.Warning)]
    [InlineData("PulseAudio or PipeWire, while something plays", "/dev/snd/pcmC0D0p", FindingSeverity.Error)]
    public void A_sound_server_is_judged_by_what_it_does(string name, string path, FindingSeverity severity)
    {
        Held(name, Device.Sound, path, severity, "cp /bin/sleep /run/wireplumber", "rm /run/wireplumber", "/run/wireplumber");
    }

    [Fact]
    public void A_disk_that_a_program_has_mapped_counts_without_a_descriptor()
    {
        Shell.Run(Prepare);
        using var vm = LabDomain.Define("held");
        var before = HostPicture.Of(Device.Disk, vm);
        using (Mapping.Of("/dev/nvme0n1"))
        {
            Refused("a program that has mapped the disk and closed it", vm, Device.Disk, "has /dev/nvme0n1 mapped", FindingSeverity.Error);
        }

        IsFree(vm, Device.Disk);
        Assert.Equal(before, HostPicture.Of(Device.Disk, vm));
    }

    /// <summary>The kernel lets nobody map registers that a driver has, so the sound card is without its driver here.</summary>
    [Fact]
    public void Registers_that_a_program_has_mapped_count()
    {
        var device = $"/sys/bus/pci/devices/{Device.Sound}";
        Shell.Run($"{Prepare} echo {Device.Sound} >{device}/driver/unbind");
        try
        {
            using var vm = LabDomain.Define("held");
            var before = HostPicture.Of(Device.Sound, vm);
            using (Mapping.Of($"{device}/resource0"))
            {
                Refused("a program that has mapped registers of a device", vm, Device.Sound, "resource0 mapped", FindingSeverity.Error);
            }

            IsFree(vm, Device.Sound);
            Assert.Equal(before, HostPicture.Of(Device.Sound, vm));
        }
        finally
        {
            Shell.Run($"echo {Device.Sound} >/sys/bus/pci/drivers/snd_hda_intel/bind; {Prepare}");
        }
    }

    /// <summary>The command line asks the same guards, and says the program in its one line.</summary>
    [Fact]
    public void Assign_names_the_program_and_ends_with_1()
    {
        Shell.Run($"{Prepare} sleep 600 </dev/nvme0n1 >/dev/null 2>&1 & echo $! >/run/holder");
        using var vm = LabDomain.Define("held");
        var before = HostPicture.Of(Device.Disk, vm);
        try
        {
            var (code, _, errors) = Shell.Try($"{CommandLine.Program} assign {Device.Disk} --domain held --yes");

            Assert.True(code == 1, $"exit code {code}: {errors}");
            Assert.Contains($"sleep ({File.ReadAllText("/run/holder").Trim()}) has /dev/nvme0n1 open", errors, StringComparison.Ordinal);
            Assert.Equal(before, HostPicture.Of(Device.Disk, vm));
        }
        finally
        {
            Shell.Run("kill $(cat /run/holder); rm /run/holder");
        }
    }

    private static void Held(
        string name, PciAddress device, string path, FindingSeverity severity, string make, string end, string program = "sleep", string first = FindingIds.DeviceHasOpenHandles)
    {
        Shell.Run(Prepare);
        using var vm = LabDomain.Define("held");
        var before = HostPicture.Of(device, vm);
        try
        {
            Shell.Run($"{make}; {program} 600 <{path} >/dev/null 2>&1 & echo $! >/run/holder; for i in $(seq 100); do [ \"$(readlink /proc/$!/exe)\" = /usr/bin/bash ] || break; sleep 0.1; done");
            Refused(name, vm, device, $"has {path} open", severity, first);
            Assert.Equal(before, HostPicture.Of(device, vm));
        }
        finally
        {
            Shell.Try($"h=$(cat /run/holder); kill $h; for i in $(seq 100); do [ -e /proc/$h ] || break; sleep 0.1; done; rm /run/holder; udevadm settle; {end}");
        }

        IsFree(vm, device);
        Assert.Equal(before, HostPicture.Of(device, vm));
    }

    private static void Refused(string name, LabDomain vm, PciAddress device, string said, FindingSeverity severity, string first = FindingIds.DeviceHasOpenHandles)
    {
        Assert.Contains($"| {name} |", File.ReadAllText(Repository.PathOf("docs/guards.md")), StringComparison.Ordinal);

        var plan = PassthroughHost.Local().Plan([device], vm.Domain);

        Assert.Equal(severity == FindingSeverity.Error, plan.IsRefused);
        var finding = Assert.Single(plan.Findings, candidate => candidate.Id == FindingIds.DeviceHasOpenHandles);
        Assert.True(finding.Severity == severity, finding.ToString());
        Assert.Contains(said, finding.Title, StringComparison.Ordinal);
        Assert.Equal(first, plan.Findings[0].Id);
    }

    private static void IsFree(LabDomain vm, PciAddress device)
    {
        var plan = PassthroughHost.Local().Plan([device], vm.Domain);
        Assert.False(plan.IsRefused, string.Join("; ", plan.Findings));
        Assert.DoesNotContain(plan.Findings, finding => finding.Id == FindingIds.DeviceHasOpenHandles);
    }
}
