namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A register block in memory (PCI Express 6.1, 7.9.29; CXL 3.0, 8.1.9).</summary>
/// <param name="Bar">The number of the BAR that contains the block.</param>
/// <param name="Id">The id of the block's content; 0 for an empty entry.</param>
/// <param name="Offset">The offset of the block in that BAR, in bytes.</param>
public sealed record MemoryRegisterBlock(int Bar, int Id, ulong Offset)
{
    private const int Size = 8;

    internal static List<MemoryRegisterBlock> ReadAll(PciRegisters registers, int count)
    {
        var blocks = new List<MemoryRegisterBlock>();
        for (; blocks.Count < count && registers.Has(0, Size); registers = registers.Skip(Size))
        {
            var low = registers.DoubleWord(0);
            var offset = (low & 0xffff0000u) | ((ulong)registers.DoubleWord(4) << 32);
            blocks.Add(new(PciRegisters.Field(low, 0, 3), PciRegisters.Field(low, 8, 8), offset));
        }

        return blocks;
    }
}
