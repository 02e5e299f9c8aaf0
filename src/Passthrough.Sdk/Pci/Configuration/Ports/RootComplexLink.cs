namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One link of an element of the root complex (PCI Express 6.0, 7.9.8.3).</summary>
/// <param name="IsValid">Whether the entry means anything.</param>
/// <param name="IsConfiguration">Whether the address is one of configuration space rather than of memory.</param>
/// <param name="HasRegisterBlock">Whether the link leads to a root complex register block.</param>
/// <param name="TargetComponentId">The component it leads to.</param>
/// <param name="TargetPortNumber">The port it leads to.</param>
/// <param name="Address">
/// Address of the element at the other end. Of configuration space: function in bits 14:12, device in 19:15, bus above, as
/// many bits as <c>bits 2:0</c> say (0 for 8).
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
