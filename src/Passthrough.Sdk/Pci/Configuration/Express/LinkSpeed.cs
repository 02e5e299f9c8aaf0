namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The codes of link speeds: the number of a bit in the vector of supported speeds, from 1 (PCI Express 7.0, 7.5.3.6 and 7.5.3.18).</summary>
internal static class LinkSpeed
{
    public static double? GigatransfersPerSecond(int code) => code switch
    {
        1 => 2.5,
        2 => 5,
        3 => 8,
        4 => 16,
        5 => 32,
        6 => 64,
        7 => 128,
        _ => null,
    };
}
