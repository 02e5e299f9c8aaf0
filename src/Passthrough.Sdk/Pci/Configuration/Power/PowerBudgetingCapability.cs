namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Power budgeting (extended capability 0x0004; PCI Express 6.0, 7.8.1): a window on a table, one entry at a time.</summary>
public sealed class PowerBudgetingCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal PowerBudgetingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the entry that is shown (+4).</summary>
    public byte DataSelect => Byte(0x04);

    /// <summary>Gets the power in the units of <see cref="DataScale"/> (+8).</summary>
    public int BasePower => Field(DoubleWord(0x08), 0, 8);

    /// <summary>Gets the unit of the power: 0 1 W, 1 0.1 W, 2 0.01 W, 3 0.001 W.</summary>
    public int DataScale => Field(DoubleWord(0x08), 8, 2);

    /// <summary>Gets the substate of the entry.</summary>
    public int PowerSubstate => Field(DoubleWord(0x08), 10, 3);

    /// <summary>Gets the power state of the entry, D0 to D3.</summary>
    public int PowerState => Field(DoubleWord(0x08), 13, 2);

    /// <summary>Gets the condition of the entry: 0 PME auxiliary, 1 auxiliary, 2 idle, 3 sustained, 7 maximum.</summary>
    public int OperatingCondition => Field(DoubleWord(0x08), 15, 3);

    /// <summary>Gets the rail of the entry: 0 12 V, 1 3.3 V, 2 1.5 or 1.8 V, 7 thermal.</summary>
    public int PowerRail => Field(DoubleWord(0x08), 18, 3);

    /// <summary>Gets whether the system's power budget contains this function already (+12).</summary>
    public bool SystemAllocated => Bit(Byte(0x0c), 0);
}
