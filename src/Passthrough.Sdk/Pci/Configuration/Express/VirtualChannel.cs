namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One virtual channel (PCI Express 6.0, 7.9.1.7 to 7.9.1.10).</summary>
/// <param name="ArbitrationSupported">
/// Arbitrations among ports, a bit each: fixed, weighted round robin with 32, 64 and 128 phases, time-based with 128,
/// weighted with 256 phases.
/// </param>
/// <param name="RejectSnoop">Refuses requests that ask for no snooping.</param>
/// <param name="MaximumTimeSlots">Most time slots.</param>
/// <param name="ArbitrationTableOffset">Where its arbitration table lies, in units of 16 bytes from the capability; 0 for none.</param>
/// <param name="TrafficClasses">The traffic classes that use it, a bit each.</param>
/// <param name="ArbitrationSelect">The arbitration in use.</param>
/// <param name="Id">Number of the channel.</param>
/// <param name="IsEnabled">Whether it is on.</param>
/// <param name="ArbitrationTableInProgress">A new table is being loaded.</param>
/// <param name="NegotiationPending">The two sides have not come to terms yet.</param>
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
