using System.Buffers.Binary;
using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>Small firmware tables with one IOMMU each, or none, with right lengths and checksums.</summary>
internal static class FakeFirmwareTables
{
    private const int FixedPart = 48;
    private const ulong Registers = 0xfed90000;

    /// <summary>A DMAR with one hardware unit (DRHD) for all of domain 0.</summary>
    public static (string Signature, byte[] Content) Dmar()
    {
        var table = Table("DMAR", FixedPart + 16);
        table[36] = 38; // bits of a DMA address, less one
        table[37] = 1; // interrupt remapping
        var unit = table.AsSpan(FixedPart);
        BinaryPrimitives.WriteUInt16LittleEndian(unit[2..], 16);
        unit[4] = 1; // INCLUDE_PCI_ALL
        BinaryPrimitives.WriteUInt64LittleEndian(unit[8..], Registers);
        return ("DMAR", WithChecksum(table));
    }

    /// <summary>An IVRS with one hardware unit (IVHD) for all devices.</summary>
    public static (string Signature, byte[] Content) Ivrs()
    {
        var table = Table("IVRS", FixedPart + 28);
        var unit = table.AsSpan(FixedPart);
        unit[0] = 0x10;
        BinaryPrimitives.WriteUInt16LittleEndian(unit[2..], 28);
        BinaryPrimitives.WriteUInt16LittleEndian(unit[4..], 0x0002);
        BinaryPrimitives.WriteUInt16LittleEndian(unit[6..], 0x0040);
        BinaryPrimitives.WriteUInt64LittleEndian(unit[8..], Registers);
        unit[24] = 1; // all devices
        return ("IVRS", WithChecksum(table));
    }

    /// <summary>An IORT with a group of interrupt translation services, a root complex and, between them, an SMMU of version 3.</summary>
    public static (string Signature, byte[] Content) Iort(bool withSmmu)
    {
        const int Services = 24, Smmu = 68, Root = 36;
        var table = Table("IORT", FixedPart + Services + (withSmmu ? Smmu : 0) + Root);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(36), withSmmu ? 3u : 2u);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(40), FixedPart);
        var at = FixedPart;
        Node(0, Services);
        if (withSmmu)
        {
            Node(4, Smmu);
        }

        Node(2, Root);
        return ("IORT", WithChecksum(table));

        void Node(byte type, byte length)
        {
            (table[at], table[at + 1]) = (type, length); // the length has 16 bits
            at += length;
        }
    }

    private static byte[] Table(string signature, int length)
    {
        var table = new byte[length];
        Encoding.ASCII.GetBytes(signature, table);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), (uint)length);
        table[8] = 1;
        Encoding.ASCII.GetBytes("FAKE", table.AsSpan(10));
        Encoding.ASCII.GetBytes("FAKEHOST", table.AsSpan(16));
        return table;
    }

    private static byte[] WithChecksum(byte[] table)
    {
        byte sum = 0;
        foreach (var value in table)
        {
            sum = unchecked((byte)(sum + value));
        }

        table[9] = unchecked((byte)-sum);
        return table;
    }
}
