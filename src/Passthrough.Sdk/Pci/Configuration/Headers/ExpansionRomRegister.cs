namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The base address register of the expansion ROM.</summary>
/// <param name="Address">The address; 0 if none is assigned.</param>
/// <param name="IsEnabled">Whether the ROM responds at that address (while memory decoding is enabled).</param>
public sealed record ExpansionRomRegister(uint Address, bool IsEnabled)
{
    internal static ExpansionRomRegister? Read(uint value) =>
        value is 0 or uint.MaxValue ? null : new(value & ~0x7ffu, (value & 1) != 0);
}
