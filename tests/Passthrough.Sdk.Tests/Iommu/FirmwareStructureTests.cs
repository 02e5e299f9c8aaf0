using System.Buffers.Binary;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Iommu;

/// <summary>Every kind of structure that a table for the IOMMU may hold, and every way in which it may not fit.</summary>
public sealed class FirmwareStructureTests
{
    [Fact]
    public void Every_structure_of_a_dmar_is_read()
    {
        var dmar = DmarTable.Parse(Table("DMAR", [
            .. Structure(0, [1, 0, .. U16(2), .. U64(0xfed91000), 1, 9, 0, 0, 6, 0x3a, 0x05, 2, 0]),
            .. Structure(2, [1, 0, .. U16(3), 2, 8, 0, 0, 0, 0, 0x1c, 1]),
            .. Structure(3, [.. U32(0), .. U64(0xfed92000), .. U32(9)]),
            .. Structure(4, [0, 0, 0, 5, .. "\\_SB.I2C0"u8]),
            .. Structure(5, [0, 0, .. U16(4)]),
            .. Structure(6, [0, 0, .. U16(5)]), // of no interest here
            .. Structure(77, []), // of a later version
        ]));

        Assert.True(dmar.IsSound, string.Join("; ", dmar.Problems));
        Assert.Equal(
            new DmarUnit(2, 0xfed91000, true, [new DmarScope(DmarScopeType.PciEndpoint, 6, 0x3a, [(5, 2)])]), Assert.Single(dmar.Units));
        Assert.Equal(new DmarRootPortAts(3, true, [new DmarScope(DmarScopeType.PciBridge, 0, 0, [(0x1c, 1)])]), Assert.Single(dmar.RootPortAts));
        Assert.Equal(new DmarAffinity(0xfed92000, 9), Assert.Single(dmar.Affinities));
        Assert.Equal(new DmarNamespaceDevice(5, "\\_SB.I2C0"), Assert.Single(dmar.NamespaceDevices));
        Assert.Equal(new DmarRootPortAts(4, false, []), Assert.Single(dmar.IntegratedAts));
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 24)]
    [InlineData(2, 8)]
    [InlineData(3, 20)]
    [InlineData(4, 9)]
    [InlineData(5, 8)]
    [InlineData(6, 8)]
    public void A_structure_of_a_dmar_needs_what_its_kind_needs(byte type, int needed)
    {
        Assert.True(DmarTable.Parse(Table("DMAR", Structure(type, new byte[needed - 4]))).IsSound);

        var problem = Assert.Single(DmarTable.Parse(Table("DMAR", Structure(type, new byte[needed - 5]))).Problems);

        Assert.Equal(new FirmwareTableProblem(48, $"a structure of type {type} has {needed - 1} bytes, but needs at least {needed}"), problem);
    }

    [Fact]
    public void What_follows_a_structure_that_leaves_the_table_is_not_read()
    {
        byte[] structures = [.. Structure(3, new byte[16]), .. Structure(3, new byte[16])];
        structures[2] = 60;

        var dmar = DmarTable.Parse(Table("DMAR", structures));

        Assert.Equal([new FirmwareTableProblem(48, "a structure of type 3 has 60 bytes, but only 40 remain")], dmar.Problems);
        Assert.Empty(dmar.Affinities);
    }

    [Fact]
    public void A_device_scope_that_leaves_its_structure_ends_the_scopes_and_not_the_table()
    {
        var dmar = DmarTable.Parse(Table("DMAR", [
            .. Structure(0, [0, 0, .. U16(0), .. U64(1), 1, 8, 0, 0, 0, 0, 1, 0, 1, 9, 0, 0, 0, 0, 2, 0]),
            .. Structure(3, new byte[16]),
        ]));

        Assert.Equal([new FirmwareTableProblem(72, "a device scope has 9 bytes, but only 8 remain")], dmar.Problems);
        Assert.Single(Assert.Single(dmar.Units).Scopes);
        Assert.Single(dmar.Affinities);
    }

    [Theory]
    [InlineData(2, 1, null)]
    [InlineData(0x1f, 7, "0001:05:1f.7")]
    [InlineData(0x20, 0, null)]
    [InlineData(0, 8, null)]
    public void Only_a_path_of_one_step_that_is_an_address_has_an_address(byte slot, byte function, string? address)
    {
        ValueList<(byte, byte)> path = address is null && slot == 2 ? [(1, 0), (slot, function)] : [(slot, function)];

        Assert.Equal(address, new DmarScope(DmarScopeType.PciEndpoint, 0, 5, path).AddressIn(1)?.ToString());
    }

    [Fact]
    public void Every_device_entry_of_an_ivrs_is_read()
    {
        var ivrs = IvrsTable.Parse(Table("IVRS", Unit(0x11, [
            1, 0, 0, 0x10, // all
            2, .. U16(0x0108), 0x20, // one
            0x42, .. U16(0x0210), 0x30, 0, .. U16(0x0300), 0, // one that speaks as another
            0x46, .. U16(0x0218), 0x40, 0, 0, 0, 0, // one with extended settings
            3, .. U16(0x0400), 0x50, 4, .. U16(0x0407), 0, // a range
            0x43, .. U16(0x0500), 0x60, 0, .. U16(0x0600), 0, 4, .. U16(0x0507), 0, // a range that speaks as another
            0x47, .. U16(0x0700), 0x70, 0, 0, 0, 0, 4, .. U16(0x0707), 0, // a range with extended settings
            0x48, 0, 0, 0x80, 6, .. U16(0x00a0), 1, // an IO-APIC
            0xf0, .. U16(0x00a5), 0x90, .. "AMDI0040"u8, .. new byte[9], 4, .. "UID0"u8, // an ACPI device with a name of its own
            2, .. U16(0x0800), 0x20,
        ], segment: 3)));

        Assert.True(ivrs.IsSound, string.Join("; ", ivrs.Problems));
        var unit = Assert.Single(ivrs.Units);
        Assert.Equal((0x11, "0003:00:00.2", 0x40, 0xfeb80000UL, 0x1122334455667702UL), (unit.BlockType, unit.Address.ToString(), unit.CapabilityOffset, unit.RegisterBase, unit.Features));
        Assert.Equal(
            [
                Device("00:00.0", "ff:1f.7", 0x10), Device("01:01.0", "01:01.0", 0x20), Device("02:02.0", "02:02.0", 0x30, "03:00.0"), Device("02:03.0", "02:03.0", 0x40),
                Device("04:00.0", "04:00.7", 0x50), Device("05:00.0", "05:00.7", 0x60, "06:00.0"), Device("07:00.0", "07:00.7", 0x70),
                Device("00:14.0", "00:14.0", 0x80) with { Special = IvrsSpecialDevice.IoApic, Handle = 6 },
                Device("00:14.5", "00:14.5", 0x90) with { Special = IvrsSpecialDevice.AcpiDevice, HardwareId = "AMDI0040" },
                Device("08:00.0", "08:00.0", 0x20),
            ],
            unit.Devices);
        Assert.True(ivrs.NamesIoApic);
    }

    [Fact]
    public void A_range_without_its_start_or_its_end_is_a_problem()
    {
        var ivrs = IvrsTable.Parse(Table("IVRS", Unit(0x11, [4, .. U16(0x0107), 0, 3, .. U16(0x0200), 0])));

        Assert.Equal(
            [new FirmwareTableProblem(88, "the end of a range that has no start"), new FirmwareTableProblem(96, "the range from 0000:02:00.0 has no end")],
            ivrs.Problems);
        Assert.Empty(Assert.Single(ivrs.Units).Devices);
    }

    [Fact]
    public void A_device_entry_that_leaves_its_block_ends_the_block()
    {
        var ivrs = IvrsTable.Parse(Table("IVRS", [.. Unit(0x11, [2, .. U16(0x0108), 0, 0x42, 0, 0, 0]), .. Unit(0x11, [])]));

        Assert.Equal([new FirmwareTableProblem(92, "a device entry of type 42h has 8 bytes, but only 4 remain")], ivrs.Problems);
        Assert.Equal([1, 0], ivrs.Units.Select(unit => unit.Devices.Count));
    }

    [Fact]
    public void A_block_of_a_later_version_is_passed_over() =>
        Assert.Single(IvrsTable.Parse(Table("IVRS", [0x55, 0, 4, 0, .. Unit(0x40, [])])).Units, unit => unit.BlockType == 0x40);

    [Fact]
    public void A_unit_of_the_oldest_kind_has_its_features_and_devices_elsewhere()
    {
        var old = new byte[24];
        (old[0], old[2], old[20]) = (0x10, 28, 0x5a);

        var unit = Assert.Single(IvrsTable.Parse(Table("IVRS", [.. old, 2, .. U16(0x0108), 0])).Units);

        Assert.Equal((0x5aUL, "0000:01:01.0"), (unit.Features, Assert.Single(unit.Devices).First.ToString()));
        Assert.False(IvrsTable.Parse(Table("IVRS", [.. old, 2, .. U16(0x0108), 0])).NamesIoApic);
    }

    [Theory]
    [InlineData(0x10, 24)]
    [InlineData(0x11, 40)]
    [InlineData(0x40, 40)]
    [InlineData(0x20, 32)]
    [InlineData(0x21, 32)]
    [InlineData(0x22, 32)]
    public void A_block_of_an_ivrs_needs_what_its_kind_needs(byte type, byte needed)
    {
        Assert.True(IvrsTable.Parse(Table("IVRS", Block(needed))).IsSound);

        var problem = Assert.Single(IvrsTable.Parse(Table("IVRS", Block((byte)(needed - 1)))).Problems);

        Assert.Equal(new FirmwareTableProblem(48, $"a block of type {type:x2}h has {needed - 1} bytes, but needs at least {needed}"), problem);

        byte[] Block(byte length)
        {
            var block = new byte[length];
            (block[0], block[2]) = (type, length);
            return block;
        }
    }

    [Theory]
    [InlineData(0x20, null, null)]
    [InlineData(0x21, "0001:01:00.1", "0001:01:00.1")]
    [InlineData(0x22, "0001:01:00.1", "0001:02:00.2")]
    public void Memory_of_an_ivrs_is_for_all_devices_for_one_or_for_a_range(byte type, string? first, string? last)
    {
        byte[] block = [type, 0b1000, .. U16(32), .. U16(0x0101), .. U16(0x0202), .. U16(1), .. new byte[6], .. U64(0x1000), .. U64(0x2000)];

        var memory = Assert.Single(IvrsTable.Parse(Table("IVRS", block)).Memory);

        Assert.Equal((first, last), (memory.First?.ToString(), memory.Last?.ToString()));
        Assert.Equal((0x1000UL, 0x2000UL, false, true, false, false), (memory.Base, memory.Length, memory.IsUnity, memory.IsExclusion, memory.IsReadable, memory.IsWritable));
    }

    [Fact]
    public void The_sizes_and_the_wish_of_an_ivrs_are_in_its_information()
    {
        var table = Table("IVRS", []);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(36), (48u << 15) | (52u << 8) | 2);

        var ivrs = IvrsTable.Parse(FirmwareSamples.Seal(table));

        Assert.Equal((48, 52, true), (ivrs.VirtualAddressSize, ivrs.PhysicalAddressSize, ivrs.DmaProtectionOptIn));
        Assert.False(IvrsTable.Parse(Table("IVRS", [])).DmaProtectionOptIn);
    }

    [Fact]
    public void Every_node_of_an_iort_is_read()
    {
        var iort = IortTable.Parse(Iort(
            Node(3, 40, (16, U64(0x2b400000)), (32, U32(1)), (36, U32(2))),
            Node(4, 60, (16, U64(0x2b500000)), (24, U32(3)), (40, U32(4))),
            Node(5, 24, (16, U64(0x2b600000))),
            Node(2, 32, (24, U32(5)), (28, U32(6))),
            Node(1, 40, (29, "\\_SB.NET012"u8.ToArray())),
            Node(6, 48, (20, U32(1)), (24, U32(28)), (28, U64(0x80000000)), (36, U64(0x10000))),
            Node(0, 16)));

        Assert.True(iort.IsSound, string.Join("; ", iort.Problems));
        Assert.Equal(
            [
                (IortNodeType.Smmu, 0x2b400000UL, 2u, 1u, null, null), (IortNodeType.SmmuV3, 0x2b500000UL, 3u, 4u, null, null),
                (IortNodeType.PerformanceMonitor, 0x2b600000UL, 0u, 0u, null, null), (IortNodeType.RootComplex, null, 5u, 0u, 6u, null),
                (IortNodeType.NamedComponent, null, 0u, 0u, null, "\\_SB.NET012"), (IortNodeType.ReservedMemory, null, 0u, 0u, null, null),
                (IortNodeType.ItsGroup, null, 0u, 0u, (uint?)null, (string?)null),
            ],
            iort.Nodes.Select(node => (node.Type, node.RegisterBase, node.Flags, node.Model, node.Segment, node.ObjectName)));
        Assert.Equal((0x80000000UL, 0x10000UL), Assert.Single(iort.Nodes[5].Memory));
        Assert.Equal([IortNodeType.Smmu, IortNodeType.SmmuV3], iort.Smmus.Select(node => node.Type));
    }

    [Fact]
    public void A_single_mapping_is_one_id_whatever_its_count_says()
    {
        var iort = IortTable.Parse(Iort(Node(0, 56, (8, U32(2)), (12, U32(16)),
            (16, [.. U32(5), .. U32(9), .. U32(7), .. U32(uint.MaxValue), .. U32(1)]), (36, [.. U32(0), .. U32(0xff), .. U32(0x100), .. U32(48), .. U32(0)]))));

        Assert.Equal([new IortMapping(5, 1, 7, int.MaxValue), new IortMapping(0, 0x100, 0x100, 48)], iort.Nodes[0].Mappings);
    }

    [Fact]
    public void Mappings_and_ranges_that_leave_their_node_are_a_problem()
    {
        var iort = IortTable.Parse(Iort(Node(0, 36, (8, U32(2)), (12, U32(16))), Node(6, 48, (20, U32(2)), (24, U32(28)))));

        Assert.Equal(
            [new FirmwareTableProblem(48, "the node announces 2 id mappings, but has 1"), new FirmwareTableProblem(84, "the node announces 2 memory ranges, but has 1")],
            iort.Problems);
        Assert.Equal((1, 1), (iort.Nodes[0].Mappings.Count, iort.Nodes[1].Memory.Count));
    }

    [Theory]
    [InlineData(1, 29)]
    [InlineData(2, 32)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    [InlineData(5, 24)]
    [InlineData(6, 28)]
    public void A_node_of_an_iort_needs_what_its_kind_needs(byte type, ushort needed)
    {
        Assert.True(IortTable.Parse(Iort(Node(type, needed))).IsSound);

        var iort = IortTable.Parse(Iort(Node(type, (ushort)(needed - 1))));

        Assert.Equal([new FirmwareTableProblem(48, $"a node of type {type} has {needed - 1} bytes, but needs at least {needed}")], iort.Problems);
        Assert.Empty(iort.Nodes);
    }

    [Fact]
    public void Nodes_that_are_announced_and_not_there_are_a_problem()
    {
        var table = Iort(Node(0, 16));
        table[36] = 2;

        var iort = IortTable.Parse(FirmwareSamples.Seal(table));

        Assert.Equal([new FirmwareTableProblem(64, "the header announces 2 nodes, but the table has 1")], iort.Problems);
        Assert.Single(iort.Nodes);
    }

    [Fact]
    public void Every_node_of_a_viot_is_read()
    {
        var table = Table("VIOT", [
            2, 0, .. U16(24), .. U32(7), .. U64(0x0a000000), .. U16(72), .. new byte[6],
            4, 0, .. U16(16), .. U32(0), .. U64(0x0b000000),
            9, 0, .. U16(16), .. new byte[12],
        ]);
        (table[36], table[38]) = (3, 48);

        var viot = ViotTable.Parse(FirmwareSamples.Seal(table));

        Assert.True(viot.IsSound, string.Join("; ", viot.Problems));
        Assert.Equal(
            [
                new ViotNode(48, ViotNodeType.MmioEndpoint, null, null, 0x0a000000, 72), new ViotNode(72, ViotNodeType.VirtioIommuMmio, null, null, 0x0b000000, null),
                new ViotNode(88, (ViotNodeType)9, null, null, null, null),
            ],
            viot.Nodes);
    }

    [Theory]
    [InlineData(1, 24)]
    [InlineData(2, 24)]
    [InlineData(3, 16)]
    public void A_node_of_a_viot_needs_what_its_kind_needs(byte type, byte needed)
    {
        var table = Table("VIOT", [type, 0, .. U16((ushort)(needed - 1)), .. new byte[20]]);
        (table[36], table[38]) = (1, 48);

        Assert.Equal(
            [new FirmwareTableProblem(48, $"a node of type {type} has {needed - 1} bytes, but needs at least {needed}")], ViotTable.Parse(FirmwareSamples.Seal(table)).Problems);
    }

    [Fact]
    public void A_header_that_is_wrong_says_where()
    {
        var table = Table("DMAR", []);
        table[9]++;
        Assert.Equal([new FirmwareTableProblem(9, "the bytes add up to 01, not to 00: the checksum is wrong")], DmarTable.Parse(table).Problems);

        table = Table("DMAR", []);
        table[4] = 35;
        Assert.Equal([new FirmwareTableProblem(4, "the header gives the table a length of 35 bytes")], DmarTable.Parse(table).Problems);

        table[4] = 49;
        Assert.Equal([new FirmwareTableProblem(4, "the header says 49 bytes, but the table has only 48")], DmarTable.Parse(table).Problems);

        Assert.Equal(
            [new FirmwareTableProblem(0, "the table has 35 bytes, but the header alone needs 36"), new FirmwareTableProblem(35, "the table ends before its flags")],
            DmarTable.Parse(table.AsSpan(0, 35)).Problems);
    }

    [Fact]
    public void A_table_that_is_only_a_header_says_what_is_missing()
    {
        Assert.Equal([new FirmwareTableProblem(36, "the table ends before its flags")], DmarTable.Parse(Header("DMAR")).Problems);
        Assert.Equal([new FirmwareTableProblem(36, "the table ends before its first block")], IvrsTable.Parse(Header("IVRS")).Problems);
        Assert.Equal([new FirmwareTableProblem(36, "the table ends before its nodes")], IortTable.Parse(Header("IORT")).Problems);
        Assert.Equal([new FirmwareTableProblem(36, "the table ends before its nodes")], ViotTable.Parse(Header("VIOT")).Problems);
        Assert.Equal("DMAR", DmarTable.Parse(Header("DMAR")).Signature);

        static byte[] Header(string signature) => FirmwareSamples.Seal([.. Table(signature, []).AsSpan(0, 36)]);
    }

    [Fact]
    public void One_byte_is_no_device_scope() => Assert.Equal(
        [new FirmwareTableProblem(64, "a device scope has 0 bytes, but needs at least 6")],
        DmarTable.Parse(Table("DMAR", Structure(0, [0, 0, .. U16(0), .. U64(1), 1]))).Problems);

    [Fact]
    public void Reserved_memory_and_the_nodes_of_a_viot_have_their_segment()
    {
        var memory = Assert.Single(DmarTable.Parse(Table("DMAR", Structure(1, [0, 0, .. U16(2), .. U64(0x1000), .. U64(0x1fff)]))).ReservedMemory);
        Assert.Equal(new DmarReservedMemory(2, 0x1000, 0x1fff, []), memory);

        var table = Table("VIOT", [
            1, 0, .. U16(24), .. U32(0), .. U16(4), .. U16(5), .. U16(0x0108), .. U16(0x0210), .. U16(72), .. new byte[6],
            3, 0, .. U16(16), .. U16(6), .. U16(0x0310), .. new byte[8],
        ]);
        (table[36], table[38]) = (2, 48);
        Assert.Equal(
            [("0004:01:01.0", "0005:02:02.0"), ("0006:03:02.0", null)],
            ViotTable.Parse(FirmwareSamples.Seal(table)).Nodes.Select(node => (node.First.ToString(), node.Last?.ToString())));
    }

    [Fact]
    public void One_of_several_units_that_names_an_io_apic_is_enough() =>
        Assert.True(IvrsTable.Parse(Table("IVRS", [.. Unit(0x11, []), .. Unit(0x11, [0x48, 0, 0, 0, 6, .. U16(0x00a0), 1])])).NamesIoApic);

    [Fact]
    public void Bytes_after_the_length_that_the_header_gives_do_not_count()
    {
        byte[] table = [.. Table("DMAR", []), .. Structure(3, new byte[16])];

        Assert.True(DmarTable.Parse(table).IsSound);
        Assert.Empty(DmarTable.Parse(table).Affinities);
    }

    [Fact]
    public void Names_of_the_maker_are_without_blanks_and_what_is_not_ASCII_is_a_question_mark()
    {
        var table = Table("IVRS", []);
        "A\u0001~\u007f  "u8.CopyTo(table.AsSpan(10));
        "TABLE\0XY"u8.CopyTo(table.AsSpan(16));
        table[8] = 2;

        var ivrs = IvrsTable.Parse(FirmwareSamples.Seal(table));

        Assert.Equal(("IVRS", "A?~?", "TABLE", 2), (ivrs.Signature, ivrs.OemId, ivrs.OemTableId, ivrs.Revision));
    }

    // The header, the part that DMAR, IVRS, IORT and VIOT have before their structures, and those.
    private static byte[] Table(string signature, byte[] structures)
    {
        byte[] table = [.. new byte[48], .. structures];
        System.Text.Encoding.ASCII.GetBytes(signature).CopyTo(table, 0);
        return FirmwareSamples.Seal(table);
    }

    private static byte[] Structure(ushort type, byte[] content) => [.. U16(type), .. U16((ushort)(content.Length + 4)), .. content];

    private static byte[] Unit(byte type, byte[] devices, ushort segment = 0) =>
        [type, 0, .. U16((ushort)(40 + devices.Length)), .. U16(2), .. U16(0x40), .. U64(0xfeb80000), .. U16(segment), .. new byte[6], .. U64(0x1122334455667702), .. new byte[8], .. devices];

    private static IvrsDevice Device(string first, string last, byte settings, string? alias = null) =>
        new(In3(first), In3(last), alias is null ? null : In3(alias), IvrsSpecialDevice.None, 0, settings, null);

    private static PciAddress In3(string address) => PciAddress.Parse("0003:" + address);

    private static byte[] Iort(params byte[][] nodes)
    {
        var table = Table("IORT", [.. nodes.SelectMany(node => node)]);
        (table[36], table[40]) = ((byte)nodes.Length, 48);
        return FirmwareSamples.Seal(table);
    }

    private static byte[] Node(byte type, ushort length, params (int At, byte[] Bytes)[] fields)
    {
        var node = new byte[length];
        node[0] = type;
        U16(length).CopyTo(node, 1);
        foreach (var (at, bytes) in fields)
        {
            bytes.CopyTo(node, at);
        }

        return node;
    }

    private static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);

    private static byte[] U64(ulong value) => BitConverter.GetBytes(value);
}
