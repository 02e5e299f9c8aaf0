namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The capability ids that the reader itself has to know.</summary>
internal static class CapabilityIds
{
    public const int PciX = 0x07;
    public const int PciExpress = 0x10;
}
