namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A header of a type that PCI does not define; only the registers that all headers share are decoded.</summary>
public sealed class UnknownHeader : PciHeader
{
    internal UnknownHeader(PciRegisters registers)
        : base(registers, bars: 0, romAt: null)
    {
    }

    private protected override int? CapabilitiesPointerAt => null;
}
