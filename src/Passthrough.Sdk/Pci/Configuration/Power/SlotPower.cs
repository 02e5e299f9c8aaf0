namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Calculates the slot power limit, whose highest codes have special meanings (PCI Express 6.0, 7.5.3.9).</summary>
internal static class SlotPower
{
    private static readonly decimal[] Units = [1m, 0.1m, 0.01m, 0.001m];

    public static decimal? Watts(int value, int scale) => (value, scale) switch
    {
        (0xff, 0) => null,
        ( >= 0xf0, 0) => 250 + (25 * (value - 0xf0)),
        _ => value * Units[scale],
    };
}
