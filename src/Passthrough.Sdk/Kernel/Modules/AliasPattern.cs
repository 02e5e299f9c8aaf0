namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>The shell patterns of modules.alias, matched as kmod does it (fnmatch without flags): *, ?, [a-z] and [!a-z].</summary>
internal static class AliasPattern
{
    /// <summary>Whether a text fits a pattern. The work is bounded by the product of the lengths.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var p = 0;
        var t = 0;
        var star = -1;
        var resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && MatchesOne(pattern, ref p, text[t]))
            {
                t++;
            }
            else if (star >= 0)
            {
                // Only the last star needs to give way: earlier ones have matched as little as they could.
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    /// <summary>The number of literal characters of a pattern. libvirt uses the driver whose pattern has the fewest wildcards.</summary>
    public static int Wildcards(string pattern) => pattern.Count(c => c == '*');

    private static bool MatchesOne(ReadOnlySpan<char> pattern, ref int p, char c)
    {
        if (pattern[p] == '[' && TryBracket(pattern, p, c, out var after, out var isIn))
        {
            p = isIn ? after : p;
            return isIn;
        }

        var matches = pattern[p] == '?' || pattern[p] == c;
        p += matches ? 1 : 0;
        return matches;
    }

    private static bool TryBracket(ReadOnlySpan<char> pattern, int open, char c, out int after, out bool isIn)
    {
        var p = open + 1;
        var isNegated = p < pattern.Length && pattern[p] is ('!' or '^');
        p += isNegated ? 1 : 0;
        var found = false;
        for (var first = p; p < pattern.Length && (pattern[p] != ']' || p == first); p++)
        {
            if (p + 2 < pattern.Length && pattern[p + 1] == '-' && pattern[p + 2] != ']')
            {
                found |= c >= pattern[p] && c <= pattern[p + 2];
                p += 2;
            }
            else
            {
                found |= pattern[p] == c;
            }
        }

        after = p + 1;
        isIn = found != isNegated;
        return p < pattern.Length;
    }
}
