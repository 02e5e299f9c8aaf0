using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Hosts;

/// <summary>What the library says of hosts of which we know what is true, because we made them.</summary>
public sealed class HostFactsTests
{
    private static HostSystem System => PassthroughHost.Local().Capture().System;

    [Fact, LabHost(Iommu.Vtd)]
    public void A_VTd_host_is_read_as_it_is()
    {
        var host = System;
        Assert.Equal(Shell.Run("uname -r"), host.Kernel.Release.Value);
        Assert.Equal("on", host.Kernel.CommandLine.Value!.Last("intel_iommu")!.Value);
        Assert.Equal("y", host.Kernel.Config.Value!["INTEL_IOMMU"]);
        Assert.True(host.Kernel.SecureBoot.IsAbsent);
        Assert.True(host.Kernel.Log.Value!.Contains("DMAR: IOMMU enabled"));

        Assert.True(host.Firmware.Has("DMAR").Value);
        Assert.True(host.Firmware.Has("IVRS") is { IsKnown: true, Value: false });
        var dmar = host.Firmware.Dmar.Value!;
        Assert.True(dmar is { IsSound: true, SupportsInterruptRemapping: true, Units.Count: 1 });

        var unit = Assert.Single(host.Iommu.Units.Value);
        Assert.Equal(("dmar0", IommuKind.IntelVtd), (unit.Name, unit.Kind));
        Assert.Contains("0000:01:00.0", unit.Devices.Value);
        Assert.Equal(Shell.Run("ls /sys/kernel/iommu_groups | wc -l"), $"{host.Iommu.GroupCount.Value}");
        Assert.True(host.Iommu.InterruptRemapping is { IsKnown: true, Value: true, Source: "/proc/interrupts" });

        Assert.Equal(HypervisorKind.Qemu, host.Environment.Hypervisor.Value);
        Assert.Equal("x86_64", host.Cpu.Architecture.Value);
        Assert.True(host.Environment.Xen.IsDom0.IsAbsent);
        Assert.True(host.Environment.Container.IsAbsent);
    }

    [Fact, LabHost(Iommu.AmdVi)]
    public void An_AMDVi_host_is_read_as_it_is()
    {
        var host = System;
        Assert.True(host.Firmware.Has("DMAR") is { IsKnown: true, Value: false });
        Assert.True(host.Firmware.Ivrs.Value is { IsSound: true, NamesIoApic: true, Units.Count: 1 });
        var unit = Assert.Single(host.Iommu.Units.Value);
        Assert.Equal(("ivhd0", IommuKind.AmdVi), (unit.Name, unit.Kind));
        Assert.True(host.Iommu is { IsActive.Value: true, InterruptRemapping: { IsKnown: true, Value: true } });
        Assert.Equal("AuthenticAMD", host.Cpu.Vendor.Value);
    }

    [Fact, LabHost(Iommu.None)]
    public void A_host_without_an_IOMMU_has_no_table_no_unit_and_no_group()
    {
        var host = System;
        Assert.True(host.Firmware.Has("DMAR") is { IsKnown: true, Value: false });
        Assert.True(host.Firmware.Has("IVRS") is { IsKnown: true, Value: false });
        Assert.True(host.Firmware.Dmar.IsAbsent);
        Assert.Empty(host.Iommu.Units.Value);
        Assert.True(host.Iommu.IsActive is { IsKnown: true, Value: false });
        Assert.True(host.Iommu.InterruptRemapping is { IsKnown: true, Value: false });
    }

    [Fact, LabHost(Iommu.Vtd, Parameters = "intel_iommu=off")]
    public void A_host_whose_IOMMU_is_switched_off_has_the_table_and_the_parameter()
    {
        var host = System;
        Assert.True(host.Firmware.Has("DMAR").Value);
        Assert.Equal("off", host.Kernel.CommandLine.Value!.Last("intel_iommu")!.Value);
        Assert.True(host.Iommu.IsActive is { IsKnown: true, Value: false });
    }

    [Fact, LabHost(Iommu.Vtd, InterruptRemapping = false)]
    public void A_host_without_interrupt_remapping_says_so_three_times()
    {
        var host = System;
        Assert.False(host.Firmware.Dmar.Value!.SupportsInterruptRemapping);
        Assert.True(Assert.Single(host.Iommu.Units.Value).CanRemapInterrupts is { IsKnown: true, Value: false });
        Assert.True(host.Iommu.InterruptRemapping is { IsKnown: true, Value: false });
        Assert.True(host.Iommu.IsActive.Value);
    }

    [Fact, LabHost(Iommu.Vtd, Own = "host-facts")]
    public void Modules_nodes_mounts_and_handles_follow_what_is_done_to_the_host()
    {
        // vfio-pci is not part of Debian's kernel image, and something may have loaded it: take it out first.
        Shell.Try("modprobe -r vfio_pci vfio_iommu_type1 vfio");
        var before = System;
        Assert.True(before.Modules["vfio-pci"] is { IsPresent: { IsKnown: true, Value: false }, IsInstalled.Value: true });
        Assert.True(before.Vfio.Container.IsAbsent);
        Assert.Equal("e1000e", Assert.Single(before.Modules.Aliases.Value!.Candidates(
            Shell.Run("cat /sys/bus/pci/devices/0000:01:00.0/modalias"))));

        Shell.Run("modprobe vfio-pci; mkfs.ext4 -q /dev/nvme0n1; mkdir -p /mnt/lab; mount /dev/nvme0n1 /mnt/lab");
        Shell.Run("ip address add 192.0.2.7/24 dev $(ls /sys/bus/pci/devices/0000:01:00.0/net); ip link set $(ls /sys/bus/pci/devices/0000:01:00.0/net) up");
        using var held = File.Open("/dev/nvme0", FileMode.Open, FileAccess.Read);
        var host = PassthroughHost.Local().Capture(new CaptureOptions { OpenHandles = true }).System;

        var vfio = host.Modules["vfio-pci"];
        Assert.True(vfio.IsPresent.Value);
        Assert.Empty(vfio.Obstacles);
        Assert.True(host.Vfio.Container.Value is { IsCharacterDevice: true } node && node.AllowsReadWrite(1000));
        Assert.True(host.Vfio.AllowsUnsafeInterrupts is { IsKnown: true, Value: false });

        var disk = Assert.Single(host.Usage[PciAddress.Parse("0000:02:00.0")].BlockDevices.Value);
        Assert.Equal("nvme0n1", disk.Name);
        Assert.Equal("/mnt/lab", Assert.Single(disk.Mounts.Value).MountPoint);
        Assert.Contains(host.Usage[PciAddress.Parse("0000:02:00.0")].OpenHandles.Value, h => h.ProcessId == Environment.ProcessId && h.Path == "/dev/nvme0");

        var nic = Assert.Single(host.Usage[PciAddress.Parse("0000:01:00.0")].NetworkInterfaces.Value);
        Assert.Contains(nic.Addresses.Value, a => a.ToString() == $"192.0.2.7/24 on {nic.Name}");
        Assert.True(nic.IsInUse.Value);
        Assert.NotEmpty(host.Usage[PciAddress.Parse("0000:00:1b.0")].SoundCards.Value);
    }

    [Fact, LabHost(Iommu.Vtd)]
    public void An_ordinary_user_gets_unknown_with_the_reason_for_what_is_roots_alone()
    {
        var host = AsNobody.Run(() => System);
        Assert.True(host.Firmware.Has("DMAR").Value);
        Assert.Equal("permission denied", host.Firmware.Dmar.Reason);
        Assert.True(host.Iommu.InterruptRemapping is { IsKnown: true, Value: true });
        Assert.True(host.Iommu.IsActive.Value);
        Assert.True(host.Modules["e1000e"].IsPresent.Value);
    }
}
