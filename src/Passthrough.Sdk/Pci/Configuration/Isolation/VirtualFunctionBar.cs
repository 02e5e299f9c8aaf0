namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A base address register that all virtual functions share (PCI Express 6.0, 9.3.3.14); it always maps memory.</summary>
/// <param name="Index">The number of the register, 0 to 5; a 64-bit BAR occupies two registers, and this is the first.</param>
/// <param name="Address">The address of the first virtual function's part; the parts of the others follow.</param>
/// <param name="Width">The width of the address in bits: 32 or 64.</param>
/// <param name="IsPrefetchable">Whether the memory is prefetchable, that is, reads have no side effects.</param>
public sealed record VirtualFunctionBar(int Index, ulong Address, int Width, bool IsPrefetchable)
{
    private const int Count = 6;

    internal static List<VirtualFunctionBar> ReadAll(PciRegisters registers)
    {
        var bars = new List<VirtualFunctionBar>();
        for (var index = 0; index < Count; index++)
        {
            var value = registers.DoubleWord(4 * index);
            if (value is 0 or uint.MaxValue)
            {
                continue;
            }

            var (first, isWide) = (index, (value & 6) == 4 && index + 1 < Count);
            var upper = isWide ? (ulong)registers.DoubleWord(4 * ++index) << 32 : 0;
            bars.Add(new(first, upper | (value & ~0xfu), isWide ? 64 : 32, (value & 8) != 0));
        }

        return bars;
    }
}
