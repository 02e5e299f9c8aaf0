namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The times that the function needs to become ready (extended capability 0x0022; PCI Express 6.0, 7.9.16).</summary>
public sealed class ReadinessTimeReportingCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal ReadinessTimeReportingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the reported times are valid (+4).</summary>
    public bool IsValid => Bit(DoubleWord(0x04), 31);

    /// <summary>Gets the time that the function needs after a reset, in ns.</summary>
    public ulong ResetTime => Nanoseconds(DoubleWord(0x04), 0);

    /// <summary>Gets the time that the function needs after the link comes up, in ns.</summary>
    public ulong DataLinkUpTime => Nanoseconds(DoubleWord(0x04), 12);

    /// <summary>Gets the time that the function needs after a function-level reset, in ns (+8).</summary>
    public ulong FunctionLevelResetTime => Nanoseconds(DoubleWord(0x08), 0);

    /// <summary>Gets the time that the function needs for the transition from D3hot to D0, in ns.</summary>
    public ulong D3HotToD0Time => Nanoseconds(DoubleWord(0x08), 12);

    private static ulong Nanoseconds(uint value, int bit) => (ulong)Field(value, bit, 9) << (5 * Field(value, bit + 9, 3));
}
