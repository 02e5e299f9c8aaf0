using CsCheck;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Host;

public sealed class ArmFirmwareTests
{
    /// <summary>An ITS group, an SMMUv3 and a root complex whose every requester id goes to the SMMU.</summary>
    private static byte[] Iort()
    {
        var table = new List<byte>(new byte[48]);
        var its = table.Count;
        table.AddRange(Node(0, 24, 0, []));
        var smmu = Node(4, 68 + 20, 1, Mapping(0, 0xffff, 0, its), 68);
        BitConverter.TryWriteBytes(smmu.AsSpan(16), 0x09050000UL);
        BitConverter.TryWriteBytes(smmu.AsSpan(24), 1u);
        var smmuAt = table.Count;
        table.AddRange(smmu);
        var root = Node(2, 36 + 20, 1, Mapping(0, 0xffff, 0x100, smmuAt), 36);
        BitConverter.TryWriteBytes(root.AsSpan(28), 7u);
        table.AddRange(root);
        byte[] bytes = [.. table];
        "IORT"u8.CopyTo(bytes);
        bytes[36] = 3;
        bytes[40] = 48;
        return FirmwareSamples.Seal(bytes);
    }

    private static byte[] Node(byte type, ushort length, uint mappings, byte[] mapping, int mappingOffset = 0)
    {
        var node = new byte[length];
        node[0] = type;
        BitConverter.TryWriteBytes(node.AsSpan(1), length);
        BitConverter.TryWriteBytes(node.AsSpan(8), mappings);
        BitConverter.TryWriteBytes(node.AsSpan(12), mappingOffset);
        mapping.CopyTo(node, mappingOffset);
        return node;
    }

    private static byte[] Mapping(uint input, uint count, uint output, int node) =>
        [.. BitConverter.GetBytes(input), .. BitConverter.GetBytes(count), .. BitConverter.GetBytes(output), .. BitConverter.GetBytes(node), 0, 0, 0, 0];

    [Fact]
    public void An_smmu_and_the_root_complex_behind_it_are_read()
    {
        var iort = IortTable.Parse(Iort());
        Assert.True(iort.IsSound, string.Join("; ", iort.Problems));
        var smmu = Assert.Single(iort.Smmus);
        Assert.Equal((IortNodeType.SmmuV3, 0x09050000UL, 1u), (smmu.Type, smmu.RegisterBase, smmu.Flags));
        var root = Assert.Single(iort.Nodes, n => n.Type == IortNodeType.RootComplex);
        Assert.Equal(7u, root.Segment);
        Assert.Equal(new IortMapping(0, 0x10000, 0x100, smmu.Offset), Assert.Single(root.Mappings));
    }

    [Fact]
    public void A_virtio_iommu_and_its_devices_are_read()
    {
        var table = new byte[48 + 24 + 16];
        "VIOT"u8.CopyTo(table);
        table[36] = 2;
        table[38] = 48;
        table[48] = 1;
        table[50] = 24;
        BitConverter.TryWriteBytes(table.AsSpan(62), (ushort)0x01ff);
        table[64] = 72;
        table[72] = 3;
        table[74] = 16;
        BitConverter.TryWriteBytes(table.AsSpan(78), (ushort)0x0008);
        var viot = ViotTable.Parse(FirmwareSamples.Seal(table));
        Assert.True(viot.IsSound, string.Join("; ", viot.Problems));
        Assert.Equal(
            [
                new ViotNode(48, ViotNodeType.PciRange, PciAddress.Parse("00:00.0"), PciAddress.Parse("01:1f.7"), null, 72),
                new ViotNode(72, ViotNodeType.VirtioIommuPci, PciAddress.Parse("00:01.0"), null, null, null),
            ],
            viot.Nodes);
    }

    [Fact]
    public void A_table_cut_or_spoilt_never_makes_a_parser_throw()
    {
        var iort = Iort();
        for (var length = 0; length < iort.Length; length++)
        {
            Assert.False(IortTable.Parse(iort.AsSpan(0, length)).IsSound);
        }

        Gen.Select(Gen.Byte.Array[1, 60], Gen.Int[0, iort.Length - 1]).Sample((noise, at) =>
        {
            byte[] table = [.. iort];
            noise.AsSpan(0, Math.Min(noise.Length, table.Length - at)).CopyTo(table.AsSpan(at));
            _ = IortTable.Parse(table);
            "VIOT"u8.CopyTo(table);
            _ = ViotTable.Parse(table);
        });
    }

    [Fact]
    public void Smmus_of_the_device_tree_are_found_with_their_status()
    {
        var tables = FirmwareReader.Read(new MemorySysfs()
            .Add("/sys/firmware/devicetree/base/compatible", "linux,dummy-virt\0")
            .Add("/sys/firmware/devicetree/base/soc/compatible", "simple-bus\0")
            .Add("/sys/firmware/devicetree/base/soc/iommu@5000000/compatible", "qcom,smmu-500\0arm,mmu-500\0")
            .Add("/sys/firmware/devicetree/base/smmuv3@9050000/compatible", "arm,smmu-v3\0")
            .Add("/sys/firmware/devicetree/base/smmuv3@9050000/status", "disabled\0")
            .Add("/sys/firmware/devicetree/base/pcie@10000000/iommu-map", "x"));
        Assert.Equal(
            [("/smmuv3@9050000", false), ("/soc/iommu@5000000", true)],
            tables.DeviceTree.Value.Select(i => (i.Path, i.IsEnabled)));
        Assert.Equal(["qcom,smmu-500", "arm,mmu-500"], tables.DeviceTree.Value[1].Compatible);
        Assert.True(FirmwareReader.Read(new MemorySysfs()).DeviceTree.IsAbsent);
    }
}
