namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Reads durations in the format of CXL: four bits of value, and four bits of scale from bit 8.</summary>
internal static class CxlDuration
{
    private static readonly long[] Microseconds = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

    public static TimeSpan? Read(ushort value) =>
        PciRegisters.Field(value, 8, 4) is var scale && scale < Microseconds.Length
            ? TimeSpan.FromMicroseconds(PciRegisters.Field(value, 0, 4) * Microseconds[scale])
            : null;
}
