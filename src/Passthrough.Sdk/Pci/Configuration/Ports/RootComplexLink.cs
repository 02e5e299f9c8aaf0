namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One link of a root complex element (PCI Express 6.0, 7.9.8.3).</summary>
/// <param name="IsValid">Whether the entry is valid.</param>
/// <param name="IsConfiguration">Whether the address lies in configuration space rather than in memory.</param>
/// <param name="HasRegisterBlock">Whether the link leads to a root complex register block.</param>
/// <param name="TargetComponentId">The component ID of the link's target.</param>
/// <param name="TargetPortNumber">The port number of the link's target.</param>
/// <param name="Address">
/// The address of the target element. For configuration space, bits 14:12 are the function, bits 19:15 the device, and the
/// bits above them the bus, as many bits as <c>bits 2:0</c> say (0 for 8).
/// </param>
public sealed record RootComplexLink(
    bool IsValid, bool IsConfiguration, bool HasRegisterBlock, byte TargetComponentId, byte TargetPortNumber, ulong Address)
{
    private const int Size = 16;

    internal static List<RootComplexLink> ReadAll(PciRegisters registers, int count)
    {
        var links = new List<RootComplexLink>();
        for (; links.Count < count && registers.Has(0, Size); registers = registers.Skip(Size))
        {
            var description = registers.DoubleWord(0);
            links.Add(new(
                PciRegisters.Bit(description, 0),
                PciRegisters.Bit(description, 1),
                PciRegisters.Bit(description, 2),
                (byte)PciRegisters.Field(description, 16, 8),
                (byte)PciRegisters.Field(description, 24, 8),
                registers.QuadWord(8)));
        }

        return links;
    }
}
