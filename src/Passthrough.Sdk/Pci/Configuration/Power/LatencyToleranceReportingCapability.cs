namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Latency tolerance reporting (extended capability 0x0018; PCI Express 6.0, 7.8.2).</summary>
public sealed class LatencyToleranceReportingCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal LatencyToleranceReportingCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the maximum latency tolerance that the function may report for snooped accesses, in ns (+4).</summary>
    public ulong MaximumSnoopLatency => Nanoseconds(Word(0x04));

    /// <summary>Gets the maximum latency tolerance that the function may report for accesses that are not snooped, in ns (+6).</summary>
    public ulong MaximumNoSnoopLatency => Nanoseconds(Word(0x06));

    private static ulong Nanoseconds(ushort value) => (ulong)Field(value, 0, 10) << (5 * Field(value, 10, 3));
}
