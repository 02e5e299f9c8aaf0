using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One BAR with a configurable size (PCI Express 6.0, 7.8.6.2 and 7.8.6.3).</summary>
/// <param name="Index">The number of the BAR, 0 to 5.</param>
/// <param name="CurrentSize">The current size in bytes; null for a code that is not defined.</param>
/// <param name="SupportedSizes">The sizes that the BAR supports, in bytes, smallest first.</param>
public sealed record ResizableBar(int Index, ulong? CurrentSize, ValueList<ulong> SupportedSizes)
{
    // 1 MiB, and the largest code: 8 EiB
    private const int SmallestShift = 20;
    private const int LargestCode = 43;
    private const int Size = 8;

    internal static List<ResizableBar> ReadAll(PciRegisters registers)
    {
        var bars = new List<ResizableBar>();
        var count = PciRegisters.Field(registers.DoubleWord(4), 5, 3);
        for (; count <= 6 && bars.Count < count && registers.Has(0, Size); registers = registers.Skip(Size))
        {
            var control = registers.DoubleWord(4);
            var code = PciRegisters.Field(control, 8, 6);

            // Sizes up to 128 TiB are in the capability register, from bit 4; larger ones in the control register, from bit 16.
            var sizes = (registers.DoubleWord(0) >> 4) | ((ulong)(control >> 16) << 28);
            bars.Add(new(
                PciRegisters.Field(control, 0, 3),
                code <= LargestCode ? 1ul << (SmallestShift + code) : null,
                [.. Enumerable.Range(0, LargestCode + 1).Where(bit => ((sizes >> bit) & 1) != 0).Select(bit => 1ul << (SmallestShift + bit))]));
        }

        return bars;
    }
}
