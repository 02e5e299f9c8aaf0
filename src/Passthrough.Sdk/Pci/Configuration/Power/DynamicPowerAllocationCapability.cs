namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Dynamic power allocation (extended capability 0x0016; PCI Express 6.0, 7.9.12).</summary>
public sealed class DynamicPowerAllocationCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal DynamicPowerAllocationCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the number of the highest substate (+4).</summary>
    public int MaximumSubstate => Field(DoubleWord(0x04), 0, 5);

    /// <summary>Gets the unit of the transition latencies: 0 for 1 ms, 1 for 10 ms, 2 for 100 ms.</summary>
    public int TransitionLatencyUnit => Field(DoubleWord(0x04), 8, 2);

    /// <summary>Gets the unit of the power values: 0 for 10 W, 1 for 1 W, 2 for 0.1 W, 3 for 0.01 W.</summary>
    public int PowerScale => Field(DoubleWord(0x04), 12, 2);

    /// <summary>Gets the current substate (+12).</summary>
    public int Substate => Field(Word(0x0c), 0, 5);

    /// <summary>Gets whether substate control is enabled.</summary>
    public bool IsEnabled => Bit(Word(0x0c), 8);
}
