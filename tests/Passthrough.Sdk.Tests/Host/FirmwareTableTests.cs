using CsCheck;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Host;

public sealed class FirmwareTableTests
{
    [Fact]
    public void The_labs_dmar_has_one_unit_that_names_its_devices()
    {
        var dmar = DmarTable.Parse(FirmwareSamples.QemuDmar);
        Assert.True(dmar.IsSound, string.Join("; ", dmar.Problems));
        Assert.Equal(("DMAR", "BOCHS", "BXPC", 1), (dmar.Signature, dmar.OemId, dmar.OemTableId, dmar.Revision));
        Assert.Equal(39, dmar.HostAddressWidth);
        Assert.True(dmar.SupportsInterruptRemapping);
        Assert.False(dmar.X2ApicOptOut || dmar.DmaControlOptIn);
        var unit = Assert.Single(dmar.Units);
        Assert.Equal(0xfed90000u, unit.RegisterBase);
        Assert.False(unit.IncludesAll);
        Assert.Equal(12, unit.Scopes.Count);
        Assert.Equal(DmarScopeType.IoApic, unit.Scopes[0].Type);
        Assert.Equal(PciAddress.Parse("00:1f.3"), unit.Scopes[^1].AddressIn(unit.Segment));
        Assert.Empty(dmar.ReservedMemory);
    }

    [Fact]
    public void The_labs_ivrs_has_one_unit_with_ranges_aliases_and_an_io_apic()
    {
        var ivrs = IvrsTable.Parse(FirmwareSamples.QemuIvrs);
        Assert.True(ivrs.IsSound, string.Join("; ", ivrs.Problems));
        Assert.Equal((40, 0), (ivrs.PhysicalAddressSize, ivrs.VirtualAddressSize));
        var unit = Assert.Single(ivrs.Units);
        Assert.Equal(PciAddress.Parse("00:04.0"), unit.Address);
        Assert.Equal(0xfed80000u, unit.RegisterBase);
        Assert.Equal(0x40, unit.CapabilityOffset);
        Assert.True(ivrs.NamesIoApic);
        var bus1 = Assert.Single(unit.Devices, d => d.First == PciAddress.Parse("01:00.0"));
        Assert.Equal(PciAddress.Parse("01:1f.7"), bus1.Last);
        var behindBridge = Assert.Single(unit.Devices, d => d.AliasOf is not null);
        Assert.Equal(PciAddress.Parse("04:00.0"), behindBridge.AliasOf);
    }

    [Fact]
    public void Reserved_memory_flags_and_bridge_paths_are_read()
    {
        var table = new byte[48 + 24 + 10 + 8];
        "DMAR"u8.CopyTo(table);
        table[36] = 45;
        table[37] = 0b110;
        table[48] = 1;
        table[50] = 34;
        BitConverter.TryWriteBytes(table.AsSpan(56), 0x7f000000UL);
        BitConverter.TryWriteBytes(table.AsSpan(64), 0x7f0fffffUL);
        byte[] scope = [2, 10, 0, 0, 0, 0x17, 0x1c, 4, 0, 1];
        scope.CopyTo(table, 72);
        table[82] = 2;
        table[84] = 8;
        table[88] = 1;

        var dmar = DmarTable.Parse(FirmwareSamples.Seal(table));
        Assert.True(dmar.IsSound, string.Join("; ", dmar.Problems));
        Assert.False(dmar.SupportsInterruptRemapping);
        Assert.True(dmar.X2ApicOptOut);
        Assert.True(dmar.DmaControlOptIn);
        var memory = Assert.Single(dmar.ReservedMemory);
        Assert.Equal((0x7f000000UL, 0x7f0fffffUL), (memory.Base, memory.Limit));
        Assert.Equal("PciBridge 17:1c.4/00.1", Assert.Single(memory.Scopes).ToString());
        Assert.Null(memory.Scopes[0].AddressIn(0));
        Assert.Equal(1, Assert.Single(dmar.RootPortAts).Segment);
    }

    [Fact]
    public void A_unity_mapping_for_a_range_is_read()
    {
        var table = new byte[48 + 32];
        "IVRS"u8.CopyTo(table);
        table[36] = 2;
        table[48] = 0x22;
        table[49] = 0b0111;
        table[50] = 32;
        BitConverter.TryWriteBytes(table.AsSpan(52), (ushort)0x0100);
        BitConverter.TryWriteBytes(table.AsSpan(54), (ushort)0x0107);
        BitConverter.TryWriteBytes(table.AsSpan(64), 0xe0000000UL);
        BitConverter.TryWriteBytes(table.AsSpan(72), 0x1000UL);
        var ivrs = IvrsTable.Parse(FirmwareSamples.Seal(table));
        Assert.True(ivrs.IsSound);
        Assert.True(ivrs.DmaProtectionOptIn);
        var memory = Assert.Single(ivrs.Memory);
        Assert.Equal(
            new IvrsMemory(PciAddress.Parse("01:00.0"), PciAddress.Parse("01:00.7"), 0xe0000000, 0x1000, true, false, true, true), memory);
    }

    [Fact]
    public void A_table_cut_anywhere_gives_what_was_there_and_says_so()
    {
        for (var length = 0; length < FirmwareSamples.QemuDmar.Length; length++)
        {
            Assert.False(DmarTable.Parse(FirmwareSamples.QemuDmar.AsSpan(0, length)).IsSound);
            Assert.False(IvrsTable.Parse(FirmwareSamples.QemuIvrs.AsSpan(0, length)).IsSound);
        }

        Assert.True(DmarTable.Parse(FirmwareSamples.QemuDmar.AsSpan(0, 100)).SupportsInterruptRemapping);
    }

    [Fact]
    public void No_bytes_at_all_make_a_parser_throw() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 159], Gen.Bool).Sample((noise, at, isDmar) =>
        {
            byte[] table = [.. isDmar ? FirmwareSamples.QemuDmar : FirmwareSamples.QemuIvrs];
            noise.AsSpan(0, Math.Min(noise.Length, table.Length - at)).CopyTo(table.AsSpan(at));
            _ = DmarTable.Parse(table);
            _ = IvrsTable.Parse(table);
        });

    [Fact]
    public void A_table_of_another_name_is_a_problem() =>
        Assert.Contains(DmarTable.Parse(FirmwareSamples.QemuIvrs).Problems, p => p.Message.Contains("'IVRS'", StringComparison.Ordinal));

    [Fact]
    public void An_ordinary_user_knows_which_tables_there_are_but_not_what_they_say()
    {
        var files = new MemorySysfs().Add("/sys/firmware/acpi/tables/DMAR", FirmwareSamples.QemuDmar).Deny("/sys/firmware/acpi/tables/DMAR");
        var tables = FirmwareReader.Read(files);
        Assert.True(tables.Has("DMAR").Value);
        Assert.True(tables.Dmar.IsUnknown);
        Assert.Equal("permission denied", tables.Dmar.Reason);
        Assert.True(tables.Has("IVRS") is { IsKnown: true, Value: false });
        Assert.True(tables.Ivrs.IsAbsent);
        Assert.True(FirmwareReader.Read(new MemorySysfs()).Has("DMAR").IsAbsent);
        Assert.True(FirmwareReader.Read(new MemorySysfs().Deny("/sys/firmware", Errno.AccessDenied)).Has("DMAR").IsUnknown);
    }

    [Fact]
    public void The_table_that_xen_renamed_is_read_and_still_not_a_dmar()
    {
        byte[] renamed = [.. FirmwareSamples.QemuDmar];
        "RMAD"u8.CopyTo(renamed);
        var tables = FirmwareReader.Read(new MemorySysfs().Add("/sys/firmware/acpi/tables/RMAD", renamed));
        Assert.False(tables.Has("DMAR").Value);
        Assert.Equal("RMAD", tables.Dmar.Value!.Signature);
        Assert.True(tables.Dmar.Value.IsSound);
    }
}
