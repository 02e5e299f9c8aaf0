namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The codes of link speeds (PCI Express 6.0, 7.5.3.6).</summary>
internal static class LinkSpeed
{
    public static decimal? GigatransfersPerSecond(int code) => code switch
    {
        1 => 2.5m,
        2 => 5m,
        3 => 8m,
        4 => 16m,
        5 => 32m,
        6 => 64m,
        8 => 128m,
        _ => null,
    };
}
