using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A selective stream: encrypted packets between two functions, through switches (PCI Express 6.0, 7.9.26.5).</summary>
/// <param name="Control">The control register of the stream.</param>
/// <param name="State">The state of the stream: 0 for insecure, 2 for secure.</param>
/// <param name="IntegrityFailed">Whether the partner port has reported a packet that failed its integrity check.</param>
/// <param name="IsRequesterRangeValid">Whether the range of requester IDs is valid.</param>
/// <param name="RequesterBase">The first requester ID of the partner's range.</param>
/// <param name="RequesterLimit">The last requester ID of the partner's range.</param>
/// <param name="SegmentBase">The segment of the partner.</param>
/// <param name="AddressBlockCount">The number of address ranges that the function reports.</param>
/// <param name="AddressBlocks">The address ranges that could be read.</param>
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
