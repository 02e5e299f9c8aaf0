using System.Buffers.Binary;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A position in a configuration space from which registers are read (little-endian, as PCI defines them).</summary>
internal readonly struct PciRegisters(ReadOnlyMemory<byte> space, int offset)
{
    public int Offset => offset;

    public int Available => Math.Max(0, space.Length - offset);

    public bool Has(int at, int length) => offset + at + length <= space.Length;

    public byte Byte(int at) => space.Span[offset + at];

    public ushort Word(int at) => BinaryPrimitives.ReadUInt16LittleEndian(space.Span[(offset + at)..]);

    public uint DoubleWord(int at) => BinaryPrimitives.ReadUInt32LittleEndian(space.Span[(offset + at)..]);

    public ulong QuadWord(int at) => BinaryPrimitives.ReadUInt64LittleEndian(space.Span[(offset + at)..]);

    public PciRegisters Skip(int length) => new(space, offset + length);

    public ReadOnlyMemory<byte> Slice(int at, int length) => space.Slice(offset + at, length);

    /// <summary>Returns whether one bit of a register is set.</summary>
    public static bool Bit(uint value, int bit) => ((value >> bit) & 1) != 0;

    /// <summary>Returns the bits of a field in a register, shifted to bit 0.</summary>
    public static int Field(uint value, int bit, int width) => (int)((value >> bit) & ((1u << width) - 1));
}
