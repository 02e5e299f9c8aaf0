using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Iommu;

public sealed class IommuUnitTests
{
    private const string Units = "/sys/class/iommu";

    private static readonly Fact<KernelLog> NoLog = Fact.Absent<KernelLog>("/dev/kmsg");

    [Theory]
    [InlineData("dmar0", IommuKind.IntelVtd)]
    [InlineData("ivhd0", IommuKind.AmdVi)]
    [InlineData("smmu3.0x0000000009050000", IommuKind.ArmSmmuV3)]
    [InlineData("smmu.0x000000002b400000", IommuKind.ArmSmmu)]
    [InlineData("virtio-iommu0", IommuKind.Virtio)]
    [InlineData("4f80000.apps-smmu", IommuKind.Other)]
    public void The_name_of_a_unit_tells_its_kind(string name, IommuKind kind) => Assert.Equal(kind, IommuReader.KindOf(name));

    [Fact]
    public void The_registers_of_amd_are_elsewhere_and_of_two_the_last_counts()
    {
        var unit = Assert.Single(Read(new MemorySysfs()
            .Add($"{Units}/ivhd0/amd-iommu/cap", "40f\n").Add($"{Units}/ivhd0/amd-iommu/features", "1:29d\n")
            .Add($"{Units}/ivhd0/devices/0000:00:01.0", "")).Units.Value);

        Assert.Equal((0x40fUL, 0x29dUL), (unit.Capabilities.Value, unit.ExtendedCapabilities.Value));
        Assert.Equal(["0000:00:01.0"], unit.Devices.Value);
        Assert.True(unit.CanRemapInterrupts.IsUnknown);
    }

    [Fact]
    public void A_register_that_is_not_hexadecimal_is_unknown_and_one_that_is_missing_is_absent()
    {
        var unit = Assert.Single(Read(new MemorySysfs().Add($"{Units}/dmar0/intel-iommu/cap", "many\n")).Units.Value);

        Assert.Contains("'many' is not a register", unit.Capabilities.Reason, StringComparison.Ordinal);
        Assert.True(unit.ExtendedCapabilities.IsAbsent);
        Assert.True(unit.CanRemapInterrupts.IsAbsent);
    }

    [Fact]
    public void Groups_of_vfio_without_an_iommu_do_not_count()
    {
        var files = new MemorySysfs().AddDirectory(Units)
            .Add("/sys/kernel/iommu_groups/0/name", "vfio-noiommu\n").Add("/sys/kernel/iommu_groups/1/name", "other\n").AddDirectory("/sys/kernel/iommu_groups/2");

        Assert.Equal(2, Read(files).GroupCount.Value);
        Assert.True(Read(files).IsActive.Value);
        Assert.Equal(3, Read(files.AddDirectory($"{Units}/dmar0")).GroupCount.Value);

        var only = Read(new MemorySysfs().AddDirectory(Units).Add("/sys/kernel/iommu_groups/0/name", "vfio-noiommu\n"));
        Assert.Equal((0, false), (only.GroupCount.Value, only.IsActive.Value));
    }

    [Fact]
    public void No_groups_are_absent_on_a_whole_host_and_unknown_in_a_part_of_one()
    {
        Assert.True(Read(new MemorySysfs().Add("/sys/kernel/uevent_seqnum", "1")).GroupCount.IsAbsent);
        Assert.True(Read(new MemorySysfs()).GroupCount.IsUnknown);
    }

    [Theory]
    [InlineData("1: 0 IR-IO-APIC 1-edge i8042", true)]
    [InlineData("1: 0 IR-HPET-MSI 0 timer", true)]
    [InlineData("1: 0 IO-APIC 1-edge i8042", false)]
    [InlineData("1: 0 PCI-MSI 0 eth0", false)]
    [InlineData("1: 0 IO-APIC 1-edge i8042\n2: 0 IR-PCI-MSI 0 eth0", true)]
    [InlineData("", null)]
    public void Each_chip_tells_whether_interrupts_are_remapped(string interrupts, bool? remapped) =>
        Assert.Equal(remapped, InterruptRemappingReader.FromInterrupts(interrupts));

    [Theory]
    [InlineData("DMAR-IR: Failed to enable irq remapping. You are vulnerable", false)]
    [InlineData("DMAR-IR: IRQ remapping was disabled", false)]
    [InlineData("AMD-Vi: Interrupt remapping enabled", true)]
    [InlineData("DMAR: Host address width 39", null)]
    public void Each_message_tells_whether_interrupts_are_remapped(string message, bool? remapped) =>
        Assert.Equal(remapped, InterruptRemappingReader.FromLog(KernelLog.Parse($"[    0.1] {message}\n")));

    [Fact]
    public void The_interrupts_count_more_than_the_log_and_the_log_more_than_the_units()
    {
        var plain = Fact.Known("1: 0 PCI-MSI 0 eth0", "/proc/interrupts");
        var silent = Fact.Known("1: 0 xen-pirq 0 eth0", "/proc/interrupts");
        var log = Fact.Known(KernelLog.Parse("[    0.1] DMAR-IR: Enabled IRQ remapping in x2apic mode\n"), "/dev/kmsg");

        Assert.Equal((false, "/proc/interrupts"), Said(InterruptRemappingReader.Judge(plain, log, Of(8))));
        Assert.Equal((true, "/dev/kmsg"), Said(InterruptRemappingReader.Judge(silent, log, Of(0))));
        Assert.Equal((false, "ecap"), Said(InterruptRemappingReader.Judge(silent, NoLog, Of(0))));
        Assert.Equal((false, Units), Said(InterruptRemappingReader.Judge(silent, NoLog, Fact.Known<ValueList<IommuUnit>>([], Units))));
    }

    [Fact]
    public void A_unit_that_could_remap_does_not_tell_whether_it_does()
    {
        var silent = Fact.Known("", "/proc/interrupts");

        var judged = InterruptRemappingReader.Judge(silent, NoLog, Of(8));

        Assert.True(judged.IsUnknown);
        Assert.Equal("neither the interrupts nor the kernel log show it", judged.Reason);
        Assert.Equal("denied", InterruptRemappingReader.Judge(Fact.Unknown<string>("/proc/interrupts", "denied"), NoLog, Of(8)).Reason);
        Assert.Equal("no such file", InterruptRemappingReader.Judge(Fact.Absent<string>("/proc/interrupts"), NoLog, Fact.Absent<ValueList<IommuUnit>>(Units)).Reason);
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("intgpu_off", true)]
    [InlineData("sm_on,strict", true)]
    [InlineData("yes", false)]
    [InlineData("of", false)]
    public void The_kernel_knows_its_words_by_how_they_begin(string word, bool known) => Assert.Equal(known, IntelIommu.Knows(word));

    [Theory]
    [InlineData("CONFIG_INTEL_IOMMU_DEFAULT_ON=y", true)]
    [InlineData("CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y", true)]
    [InlineData("CONFIG_INTEL_IOMMU=y", false)]
    public void The_configuration_of_the_kernel_tells_the_default(string line, bool on) =>
        Assert.Equal((true, on), Known(IntelIommu.IsOnByDefault(new KernelInfo { Config = Fact.Known(KernelConfig.Parse(line + "\n"), "/boot/config") })));

    [Fact]
    public void Without_the_configuration_of_the_kernel_the_default_is_not_known()
    {
        Assert.True(IntelIommu.IsOnByDefault(new KernelInfo { Config = Fact.Absent<KernelConfig>("/boot/config") }).IsAbsent);
        Assert.Equal("denied", IntelIommu.IsOnByDefault(new KernelInfo { Config = Fact.Unknown<KernelConfig>("/boot/config", "denied") }).Reason);
    }

    [Theory]
    [InlineData("DMAR", "DMAR", true)]
    [InlineData("DMAR2", "DMAR", true)]
    [InlineData("DMARX", "DMAR", false)]
    [InlineData("XDMAR", "DMAR", false)]
    public void A_second_table_of_a_kind_has_a_number(string name, string signature, bool has) =>
        Assert.Equal(has, FirmwareReader.Read(new MemorySysfs().Add($"/sys/firmware/acpi/tables/{name}", "")).Has(signature).Value);

    [Fact]
    public void A_table_describes_an_iommu_or_not_or_is_broken_before_one()
    {
        byte[] empty = [.. FirmwareSamples.QemuDmar.AsSpan(0, 48)];
        byte[] broken = [.. FirmwareSamples.QemuDmar.AsSpan(0, 60)];
        byte[] checksum = [.. FirmwareSamples.Seal(empty)];
        checksum[9]++;

        Assert.True(With("DMAR", FirmwareSamples.QemuDmar).HasUnits("DMAR"));
        Assert.True(With("IVRS", FirmwareSamples.QemuIvrs).HasUnits("IVRS"));
        Assert.False(With("DMAR", FirmwareSamples.Seal(empty)).HasUnits("DMAR"));
        Assert.False(With("DMAR", checksum).HasUnits("DMAR"));
        Assert.Null(With("DMAR", broken).HasUnits("DMAR"));
        Assert.Null(With("DMAR", FirmwareSamples.QemuDmar).HasUnits("IVRS"));
        Assert.Null(With("DMAR", FirmwareSamples.QemuDmar).HasUnits("MCFG"));
        Assert.EndsWith("/DMAR", FirmwareReader.Read(new MemorySysfs()).Dmar.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(0, false)]
    public void An_iort_describes_an_iommu_by_its_smmus(byte type, bool has)
    {
        var table = new byte[48 + 40];
        "IORT"u8.CopyTo(table);
        (table[36], table[40], table[48], table[49]) = (1, 48, type, 40);

        Assert.Equal(has, With("IORT", FirmwareSamples.Seal(table)).HasUnits("IORT"));
    }

    [Fact]
    public void One_table_of_several_and_one_node_of_several_are_enough()
    {
        var table = new byte[48 + 24 + 16];
        "VIOT"u8.CopyTo(table);
        (table[36], table[38], table[48], table[50], table[72], table[74]) = (2, 48, 1, 24, 3, 16);
        var files = new MemorySysfs().Add("/sys/firmware/acpi/tables/APIC", "").Add("/sys/firmware/acpi/tables/VIOT", FirmwareSamples.Seal(table));

        Assert.True(FirmwareReader.Read(files).Has("VIOT").Value);
        Assert.True(FirmwareReader.Read(files).HasUnits("VIOT"));
    }

    [Fact]
    public void One_of_the_names_that_a_node_is_compatible_with_is_enough() => Assert.Single(FirmwareReader.Read(new MemorySysfs()
        .Add("/sys/firmware/devicetree/base/mmu@1/compatible", "vendor,special\0arm,mmu-500\0")).DeviceTree.Value);

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public void A_viot_describes_an_iommu_only_by_its_nodes_for_one(byte type, bool has)
    {
        var table = new byte[48 + 24];
        "VIOT"u8.CopyTo(table);
        (table[36], table[38], table[48], table[50]) = (1, 48, type, 24);

        Assert.Equal(has, With("VIOT", FirmwareSamples.Seal(table)).HasUnits("VIOT"));
    }

    [Theory]
    [InlineData("okay\0", true)]
    [InlineData("ok\0", true)]
    [InlineData("fail\0", false)]
    public void The_status_of_a_node_tells_whether_it_is_enabled(string status, bool enabled) =>
        Assert.Equal(enabled, Assert.Single(FirmwareReader.Read(new MemorySysfs()
            .Add("/sys/firmware/devicetree/base/smmu@1/compatible", "arm,smmu-v3\0").Add("/sys/firmware/devicetree/base/smmu@1/status", status)).DeviceTree.Value).IsEnabled);

    [Theory]
    [InlineData("arm,mmu-500", true)]
    [InlineData("apple,t8103-dart", true)]
    [InlineData("rockchip,iommu", true)]
    [InlineData("arm,smmu-v3-pmcg-pmu", false)]
    [InlineData("vendor,iommu-map", false)]
    [InlineData("arm,cortex-a53", false)]
    public void A_node_is_an_iommu_by_what_it_is_compatible_with(string compatible, bool isIommu) => Assert.Equal(isIommu, DeviceTreeReader.IsIommu(compatible));

    [Fact]
    public void A_device_tree_is_not_followed_without_end()
    {
        string Path(int levels) => "/sys/firmware/devicetree/base" + string.Concat(Enumerable.Repeat("/bus", levels)) + "/compatible";

        Assert.Single(FirmwareReader.Read(new MemorySysfs().Add(Path(8), "arm,smmu-v3\0")).DeviceTree.Value);
        Assert.Empty(FirmwareReader.Read(new MemorySysfs().Add(Path(9), "arm,smmu-v3\0")).DeviceTree.Value);
    }

    private static FirmwareTables With(string name, byte[] content) => FirmwareReader.Read(new MemorySysfs().Add($"/sys/firmware/acpi/tables/{name}", content));

    private static IommuStatus Read(MemorySysfs files) => IommuReader.Read(files, NoLog);

    private static Fact<ValueList<IommuUnit>> Of(ulong ecap) =>
        Fact.Known<ValueList<IommuUnit>>([new IommuUnit("dmar0", IommuKind.IntelVtd, Fact.Known(0UL, "cap"), Fact.Known(ecap, "ecap"))], Units);

    private static (bool Value, string Source) Said(Fact<bool> fact) => (fact.IsKnown && fact.Value, fact.Source);

    private static (bool IsKnown, bool Value) Known(Fact<bool> fact) => (fact.IsKnown, fact.Value);
}
