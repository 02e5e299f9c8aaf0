namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The codes of link speeds (PCI Express 6.0, 7.5.3.6).</summary>
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
        8 => 128,
        _ => null,
    };
}
