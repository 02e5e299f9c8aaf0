using System.Runtime.InteropServices;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Hosts;

/// <summary>The library's arm64 code on an Arm host with an SMMU, a kernel of arm64 and the devices of the other hosts.</summary>
[LabHost(Iommu.Smmuv3)]
public sealed class ArmHostTests : IDisposable
{
    private const string Devices = "/sys/bus/pci/devices";
    private const string Nic = "0000:01:00.0";
    private static readonly PciAddress OtherSharedNic = PciAddress.Parse("0000:04:02.0");

    public ArmHostTests() => Shell.Run("modprobe vfio-pci");

    public void Dispose() => LeftJournal.Clear();

    [Fact]
    public void An_Arm_host_is_read_as_it_is()
    {
        Assert.Equal(Architecture.Arm64, RuntimeInformation.ProcessArchitecture);
        var snapshot = PassthroughHost.Local().Capture();
        var host = snapshot.System;
        Assert.Equal("aarch64", host.Cpu.Architecture.Value);
        Assert.True(host.Cpu.Kvm.IsKnown, $"{host.Cpu.Kvm}");
        Assert.Equal(HypervisorKind.Qemu, host.Environment.Hypervisor.Value);
        Assert.Equal("y", host.Kernel.Config.Value!["ARM_SMMU_V3"]);

        Assert.True(host.Firmware.Has("IORT").Value);
        Assert.True(host.Firmware.Has("DMAR") is { IsKnown: true, Value: false });
        Assert.True(host.Firmware.Iort.Value!.IsSound);
        Assert.Equal((IortNodeType.SmmuV3, 0x9050000UL), Assert.Single(host.Firmware.Iort.Value.Smmus) is var smmu ? (smmu.Type, smmu.RegisterBase) : default);

        var unit = Assert.Single(host.Iommu.Units.Value);
        Assert.Equal(("smmu3.0x0000000009050000", IommuKind.ArmSmmuV3), (unit.Name, unit.Kind));
        Assert.Contains(Nic, unit.Devices.Value);
        Assert.Equal(Shell.Run("ls /sys/kernel/iommu_groups | wc -l"), $"{host.Iommu.GroupCount.Value}");
        Assert.True(host.Iommu.InterruptRemapping is { IsKnown: true, Value: true, Source: "/proc/interrupts" });
    }

    [Fact]
    public void The_library_and_lspci_agree_on_every_function()
    {
        var text = string.Join('\n', LspciAgreement.Differences(PassthroughHost.Local().Capture(new CaptureOptions { AllDetails = true }), PciIdDatabase.Load()));
        Assert.True(text.Length == 0, text);
    }

    /// <summary>eng/test compares the doctor's words with those of this machine's program about the archive.</summary>
    [Fact]
    public void The_healthy_host_is_ready_and_so_is_the_NIC()
    {
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} doctor | tee /out/doctor.txt; exit ${{PIPESTATUS[0]}}");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        Assert.StartsWith("ready\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("error:", output, StringComparison.Ordinal);
        Assert.Contains("install it: qemu-system-arm ", output, StringComparison.Ordinal); // no QEMU is installed, which is true

        (code, output, errors) = Shell.Try($"{CommandLine.Program} capture /out/host.tar.gz");
        Assert.True(code == 0, output + errors);
        Assert.StartsWith($"/out/host.tar.gz: {Directory.GetDirectories(Devices).Length} PCI functions", output, StringComparison.Ordinal);

        var report = Check(Device.Nic);
        Assert.True(report.IsReady, string.Join("; ", report));
        Assert.Equal([FindingIds.QemuMissing], report.Select(finding => finding.Id));
    }

    [Fact]
    public async Task The_NIC_is_bound_and_returns()
    {
        await PassthroughHost.Local().PlanBind([Device.Nic]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        Assert.True(File.Exists($"/dev/vfio/{Shell.Run($"basename $(readlink {Devices}/{Nic}/iommu_group)")}"));

        var snapshot = PassthroughHost.Local().Capture(new CaptureOptions { DetailsOf = [Device.Nic], OpenHandles = true });
        Assert.True(snapshot.CheckDevices([Device.Nic]).IsReady);
        var own = Assert.Single(snapshot.IommuGroups, own => own.Devices.Contains(Device.Nic));
        Assert.Empty(snapshot.CheckGroup(own));
        var region = Assert.Single(own.ReservedRegions!.Value);
        Assert.Equal((0x8000000UL, 0x80fffffUL, ReservedRegionType.Msi), (region.First, region.Last, region.Type));

        await PassthroughHost.Local().PlanUnbind([Device.Nic]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        Assert.Equal("(null)", Shell.Run($"cat {Devices}/{Nic}/driver_override"));
        Assert.NotEqual("", Shell.Run($"for i in $(seq 50); do ls {Devices}/{Nic}/net && break; sleep 0.1; done"));
    }

    [Fact]
    public async Task A_device_that_never_had_a_driver_gets_its_group_when_it_is_bound()
    {
        var sound = $"{Devices}/{Device.Sound}";
        // udev would load the driver again.
        Shell.Run($"udevadm control --stop-exec-queue; echo 1 > {sound}/remove; modprobe -r snd_hda_intel; echo 1 > /sys/bus/pci/rescan");
        try
        {
            Assert.Equal("", Shell.Run($"ls -d {sound}/driver {sound}/iommu_group 2>/dev/null; true"));
            var report = Check(Device.Sound);
            Assert.Null(report.IsReady);
            Assert.Contains(report, finding => finding is { Id: FindingIds.IommuInactive, IsUndetermined: true });

            await PassthroughHost.Local().PlanBind([Device.Sound]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal("vfio-pci", Device.DriverOf(Device.Sound));
            Assert.True(Check(Device.Sound).IsReady);
            await PassthroughHost.Local().PlanUnbind([Device.Sound]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Null(Device.DriverOf(Device.Sound));
        }
        finally
        {
            Shell.Run("udevadm control --start-exec-queue; modprobe snd_hda_intel");
        }
    }

    [Fact]
    public void Of_two_NICs_behind_a_PCI_bridge_the_SMMU_takes_one_and_neither_is_ready()
    {
        // Whichever driver binds first gets the stream id of both.
        var (taken, refused) = Directory.Exists($"{Devices}/{Device.SharedNic}/iommu_group") ? (Device.SharedNic, OtherSharedNic) : (OtherSharedNic, Device.SharedNic);
        Assert.False(Directory.Exists($"{Devices}/{refused}/iommu_group"));

        var finding = Assert.Single(Check(refused), finding => finding.Id == FindingIds.IommuInactive);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains("stream id of another device", finding.Title, StringComparison.Ordinal);
        Assert.Contains(Check(taken), finding => finding is { Id: FindingIds.GroupNotViable, Severity: FindingSeverity.Error });
    }

    private static ReadinessReport Check(PciAddress device) =>
        PassthroughHost.Local().Capture(new CaptureOptions { DetailsOf = [device], OpenHandles = true }).CheckDevices([device]);
}
