namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The location of the USB debug port (capability 0x0a; EHCI Specification, appendix C).</summary>
public sealed class DebugPortCapability : PciCapability
{
    internal const int MinimumLength = 4;

    internal DebugPortCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the number of the BAR that contains the debug port, counted from 1.</summary>
    public int Bar => Field(Word(0x02), 13, 3);

    /// <summary>Gets the offset of the debug port in that BAR.</summary>
    public int PortOffset => Field(Word(0x02), 0, 13);
}
