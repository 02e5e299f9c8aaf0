using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The resizable BARs of the function itself (extended capability 0x0015) or of its virtual functions (0x0024; PCI Express
/// 6.0, 7.8.6 and 7.8.7).
/// </summary>
public sealed class ResizableBarCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal ResizableBarCapability(in CapabilityHeader header)
        : base(header)
    {
        Bars = [.. ResizableBar.ReadAll(Registers(4))];
    }

    /// <summary>Gets the number of resizable BARs that the function reports; only 1 to 6 are allowed.</summary>
    public int BarCount => Field(DoubleWord(0x08), 5, 3);

    /// <summary>Gets the resizable BARs; empty if their number is not allowed.</summary>
    public ValueList<ResizableBar> Bars { get; }
}
