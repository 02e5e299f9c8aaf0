namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Page request interface (extended capability 0x0013; PCI Express 6.0, 10.5.2).</summary>
public sealed class PageRequestCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PageRequestCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the function may send page requests (+4).</summary>
    public bool IsEnabled => Bit(Word(0x04), 0);

    /// <summary>Gets the bit that resets the interface; it reads as 0.</summary>
    public bool Reset => Bit(Word(0x04), 1);

    /// <summary>Gets whether the function has received a failure response (+6).</summary>
    public bool ResponseFailure => Bit(Word(0x06), 0);

    /// <summary>Gets whether the function has received a response with an unexpected page request group index.</summary>
    public bool UnexpectedGroupIndex => Bit(Word(0x06), 1);

    /// <summary>Gets whether the function has stopped and has no page request outstanding.</summary>
    public bool IsStopped => Bit(Word(0x06), 8);

    /// <summary>Gets whether the function expects a process address space ID (PASID) in responses.</summary>
    public bool PasidRequired => Bit(Word(0x06), 15);

    /// <summary>Gets the number of page requests that the function can have outstanding (+8).</summary>
    public uint Capacity => DoubleWord(0x08);

    /// <summary>Gets the number of page requests that the function may have outstanding (+12).</summary>
    public uint Allocation => DoubleWord(0x0c);
}
