using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The locations of register blocks in memory (MMIO register block locator; extended capability 0x0036; PCI Express 6.1, 7.9.29).
/// </summary>
public sealed class RegisterBlockLocatorCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal RegisterBlockLocatorCapability(in CapabilityHeader header)
        : base(header)
    {
        Blocks = [.. MemoryRegisterBlock.ReadAll(Registers(8), (Length / 8) - 1)];
    }

    /// <summary>Gets the length of the structure in bytes (+4).</summary>
    public int Length => Field(DoubleWord(0x04), 0, 12);

    /// <summary>Gets the register blocks that could be read.</summary>
    public ValueList<MemoryRegisterBlock> Blocks { get; }
}
