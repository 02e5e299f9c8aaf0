namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One virtual channel (PCI Express 6.0, 7.9.1.7 to 7.9.1.10).</summary>
/// <param name="ArbitrationSupported">
/// The supported port arbitration schemes, one bit each: fixed, weighted round robin with 32, 64 and 128 phases, time-based
/// weighted round robin with 128 phases, weighted round robin with 256 phases.
/// </param>
/// <param name="RejectSnoop">Whether the channel may reject requests to which No Snoop could apply but that do not have it set.</param>
/// <param name="MaximumTimeSlots">The maximum number of time slots.</param>
/// <param name="ArbitrationTableOffset">
/// The offset of the port arbitration table from the capability, in units of 16 bytes; 0 if the channel has no such table.
/// </param>
/// <param name="TrafficClasses">The traffic classes that are mapped to the channel, one bit for each class.</param>
/// <param name="ArbitrationSelect">The port arbitration scheme in use.</param>
/// <param name="Id">The number of the channel.</param>
/// <param name="IsEnabled">Whether the channel is enabled.</param>
/// <param name="ArbitrationTableInProgress">Whether a new port arbitration table is being loaded.</param>
/// <param name="NegotiationPending">Whether the flow control negotiation of the channel is still pending.</param>
public sealed record VirtualChannel(
    int ArbitrationSupported,
    bool RejectSnoop,
    int MaximumTimeSlots,
    int ArbitrationTableOffset,
    int TrafficClasses,
    int ArbitrationSelect,
    int Id,
    bool IsEnabled,
    bool ArbitrationTableInProgress,
    bool NegotiationPending)
{
    private const int Size = 12;

    internal static List<VirtualChannel> ReadAll(PciRegisters registers, int count)
    {
        var channels = new List<VirtualChannel>(count);
        for (; channels.Count < count && registers.Has(0, Size); registers = registers.Skip(Size))
        {
            var (capability, control, status) = (registers.DoubleWord(0), registers.DoubleWord(4), registers.Word(10));
            channels.Add(new(
                PciRegisters.Field(capability, 0, 8),
                PciRegisters.Bit(capability, 15),
                PciRegisters.Field(capability, 16, 7) + 1,
                PciRegisters.Field(capability, 24, 8),
                PciRegisters.Field(control, 0, 8),
                PciRegisters.Field(control, 17, 3),
                PciRegisters.Field(control, 24, 3),
                PciRegisters.Bit(control, 31),
                PciRegisters.Bit(status, 0),
                PciRegisters.Bit(status, 1)));
        }

        return channels;
    }
}
