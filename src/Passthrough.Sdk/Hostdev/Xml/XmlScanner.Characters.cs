using System.Runtime.CompilerServices;

namespace Passthrough.Sdk.Hostdev.Xml;

internal ref partial struct XmlScanner
{
    private const byte NameStart = 1;
    private const byte NameChar = 2;
    private const byte TextStop = 4;
    private const byte ValueStop = 8;

    /// <summary>
    /// What each ASCII character is: letters and _ may begin a name; digits, - and . may go on with it; what ends the plain
    /// run of a text is markup or not allowed, and of a value white space too, since that is read as a space.
    /// </summary>
    /// <remarks>
    /// The low four bits of each letter count. A table of bytes would lie in a class with all of this library's tables, whose
    /// types a process's first read would have to load; a text lies in none.
    /// </remarks>
    private static ReadOnlySpan<char> Kinds =>
        "LLLLLLLLLHHLLHLLLLLLLLLLLLLLLLLL" +
        "@@H@@@LH@@@@@BB@BBBBBBBBBB@@L@@@" +
        "@CCCCCCCCCCCCCCCCCCCCCCCCCC@@D@C" +
        "@CCCCCCCCCCCCCCCCCCCCCCCCCC@@@@@";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSpace(char c) => c is ' ' or '\n' or '\t' or '\r';

    private readonly int SkipSpace(int at)
    {
        var s = _s;
        unchecked
        {
            while ((uint)at < (uint)s.Length && IsSpace(s[at]))
            {
                at++;
            }
        }

        return at;
    }

    /// <summary>Steps over a character outside the Basic Multilingual Plane; refuses one that XML does not allow.</summary>
    private readonly int Unusual(int at)
    {
        var c = _s[at];
        var isPair = char.IsHighSurrogate(c) && at + 1 < _s.Length && char.IsLowSurrogate(_s[at + 1]);
        return isPair ? at + 2
            : c < ' ' || char.IsSurrogate(c) || c is '\ufffe' or '\uffff' ? throw Error(at, $"the character 0x{(int)c:x4} is not allowed in XML")
            : at + 1;
    }

    /// <summary>Refuses what XML does not allow in a comment, a CDATA section or a processing instruction.</summary>
    private readonly void Check(int at, int end)
    {
        while (at < end)
        {
            var c = _s[at];
            at = (c >= ' ' && c < '\ud800') || IsSpace(c) ? at + 1 : Unusual(at);
        }
    }
}
