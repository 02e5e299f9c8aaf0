namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Power budgeting (extended capability 0x0004; PCI Express 6.0, 7.8.1), a table whose entries are read one at a time.</summary>
public sealed class PowerBudgetingCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PowerBudgetingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the index of the entry that the data register shows (+4).</summary>
    public byte DataSelect => Byte(0x04);

    /// <summary>Gets the base power, in the unit of <see cref="DataScale"/> (+8).</summary>
    public int BasePower => Field(DoubleWord(0x08), 0, 8);

    /// <summary>Gets the unit of the power: 0 for 1 W, 1 for 0.1 W, 2 for 0.01 W, 3 for 0.001 W.</summary>
    public int DataScale => Field(DoubleWord(0x08), 8, 2);

    /// <summary>Gets the power management substate of the entry.</summary>
    public int PowerSubstate => Field(DoubleWord(0x08), 10, 3);

    /// <summary>Gets the power state of the entry, D0 to D3.</summary>
    public int PowerState => Field(DoubleWord(0x08), 13, 2);

    /// <summary>
    /// Gets the operating condition of the entry: 0 for PME auxiliary, 1 for auxiliary, 2 for idle, 3 for sustained, 7 for
    /// maximum.
    /// </summary>
    public int OperatingCondition => Field(DoubleWord(0x08), 15, 3);

    /// <summary>Gets the power rail of the entry: 0 for 12 V, 1 for 3.3 V, 2 for 1.5 or 1.8 V, 7 for thermal.</summary>
    public int PowerRail => Field(DoubleWord(0x08), 18, 3);

    /// <summary>Gets whether the power budget of the system already includes this function (+12).</summary>
    public bool SystemAllocated => Bit(Byte(0x0c), 0);
}
