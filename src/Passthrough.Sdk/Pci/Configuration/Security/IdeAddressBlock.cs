namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>An address range that is associated with a selective stream (PCI Express 6.0, 7.9.26.5.6).</summary>
/// <param name="IsValid">Whether the range is valid.</param>
/// <param name="Base">The first address of the range.</param>
/// <param name="Limit">The last address of the range.</param>
public sealed record IdeAddressBlock(bool IsValid, ulong Base, ulong Limit)
{
    internal const int Size = 12;

    internal static List<IdeAddressBlock> ReadAll(PciRegisters registers, int count)
    {
        var blocks = new List<IdeAddressBlock>();
        for (; blocks.Count < count && registers.Has(0, Size); registers = registers.Skip(Size))
        {
            var low = registers.DoubleWord(0);
            var first = ((ulong)PciRegisters.Field(low, 8, 12) << 20) | ((ulong)registers.DoubleWord(8) << 32);
            var last = ((ulong)PciRegisters.Field(low, 20, 12) << 20) | 0xfffff | ((ulong)registers.DoubleWord(4) << 32);
            blocks.Add(new(PciRegisters.Bit(low, 0), first, last));
        }

        return blocks;
    }
}
