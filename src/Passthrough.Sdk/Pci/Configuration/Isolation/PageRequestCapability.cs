namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Page request interface (extended capability 0x0013; PCI Express 6.0, 10.5.2).</summary>
public sealed class PageRequestCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PageRequestCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether it may request pages (+4).</summary>
    public bool IsEnabled => Bit(Word(0x04), 0);

    /// <summary>Gets whether it resets the interface; reads as 0.</summary>
    public bool Reset => Bit(Word(0x04), 1);

    /// <summary>Gets whether it received a failure response (+6).</summary>
    public bool ResponseFailure => Bit(Word(0x06), 0);

    /// <summary>Gets whether it received an unexpected response.</summary>
    public bool UnexpectedGroupIndex => Bit(Word(0x06), 1);

    /// <summary>Gets whether it has no outstanding request.</summary>
    public bool IsStopped => Bit(Word(0x06), 8);

    /// <summary>Gets whether it wants the process address space id in answers.</summary>
    public bool PasidRequired => Bit(Word(0x06), 15);

    /// <summary>Gets the requests that it can have open (+8).</summary>
    public uint Capacity => DoubleWord(0x08);

    /// <summary>Gets the requests that it may have open (+12).</summary>
    public uint Allocation => DoubleWord(0x0c);
}
