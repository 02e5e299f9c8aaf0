namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A link stream: encrypted packets over one link (PCI Express 6.0, 7.9.26.4).</summary>
/// <param name="Control">The control register of the stream.</param>
/// <param name="State">The state of the stream: 0 for insecure, 2 for secure.</param>
/// <param name="IntegrityFailed">Whether the link partner has reported a packet that failed its integrity check.</param>
public sealed record IdeLinkStreamBlock(IdeStreamControl Control, int State, bool IntegrityFailed)
{
    private const int Size = 8;

    internal static (PciRegisters Next, List<IdeLinkStreamBlock> Streams) ReadAll(PciRegisters registers, int count)
    {
        var streams = new List<IdeLinkStreamBlock>();
        for (; streams.Count < count && registers.Has(0, Size); registers = registers.Skip(Size))
        {
            var status = registers.DoubleWord(4);
            streams.Add(new(new(registers.DoubleWord(0)), PciRegisters.Field(status, 0, 4), PciRegisters.Bit(status, 31)));
        }

        return (registers, streams);
    }
}
