namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The expansion ROM's base address register.</summary>
/// <param name="Address">Address; 0 if none is assigned.</param>
/// <param name="IsEnabled">Whether the ROM answers at that address (while memory decoding is on).</param>
public sealed record ExpansionRomRegister(uint Address, bool IsEnabled)
{
    internal static ExpansionRomRegister? Read(uint value) =>
        value is 0 or uint.MaxValue ? null : new(value & ~0x7ffu, (value & 1) != 0);
}
