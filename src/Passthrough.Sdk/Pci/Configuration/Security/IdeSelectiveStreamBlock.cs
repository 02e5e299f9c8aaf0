using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A stream of encrypted packets between two functions, past switches (PCI Express 6.0, 7.9.26.5).</summary>
/// <param name="Control">Its control register.</param>
/// <param name="State">Its state: 0 insecure, 2 secure.</param>
/// <param name="IntegrityFailed">The other side has told of a packet that failed its check.</param>
/// <param name="IsRequesterRangeValid">Whether the range of requester ids means anything.</param>
/// <param name="RequesterBase">First requester id of the other side.</param>
/// <param name="RequesterLimit">Last requester id of the other side.</param>
/// <param name="SegmentBase">Segment of the other side.</param>
/// <param name="AddressBlockCount">Ranges of addresses that the function says it has.</param>
/// <param name="AddressBlocks">The ranges of addresses that could be read.</param>
public sealed record IdeSelectiveStreamBlock(
    IdeStreamControl Control,
    int State,
    bool IntegrityFailed,
    bool IsRequesterRangeValid,
    int RequesterBase,
    int RequesterLimit,
    int SegmentBase,
    int AddressBlockCount,
    ValueList<IdeAddressBlock> AddressBlocks)
{
    private const int Size = 20;

    internal static List<IdeSelectiveStreamBlock> ReadAll(PciRegisters registers, int count)
    {
        var streams = new List<IdeSelectiveStreamBlock>();
        while (streams.Count < count && registers.Has(0, Size))
        {
            var blocks = PciRegisters.Field(registers.DoubleWord(0), 0, 4);
            var (status, last, first) = (registers.DoubleWord(8), registers.DoubleWord(12), registers.DoubleWord(16));
            streams.Add(new(
                new(registers.DoubleWord(4)),
                PciRegisters.Field(status, 0, 4),
                PciRegisters.Bit(status, 31),
                PciRegisters.Bit(first, 0),
                PciRegisters.Field(first, 8, 16),
                PciRegisters.Field(last, 8, 16),
                PciRegisters.Field(first, 24, 8),
                blocks,
                [.. IdeAddressBlock.ReadAll(registers.Skip(Size), blocks)]));
            registers = registers.Skip(Size + (blocks * IdeAddressBlock.Size));
        }

        return streams;
    }
}
