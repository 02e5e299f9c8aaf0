using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Reads /proc/net/pppoe.</summary>
internal static class PppoeSessions
{
    /// <summary>The interfaces that sessions run over: <c>00000001 52:54:00:11:22:33 eth0</c> below a line of headings.</summary>
    public static ValueList<string> Parse(string text) =>
    [
        .. text.Split('\n').Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length >= 3)
            .Select(words => words[2])
            .Distinct(StringComparer.Ordinal)
    ];
}
