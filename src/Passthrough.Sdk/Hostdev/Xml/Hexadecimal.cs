using System.Runtime.CompilerServices;

namespace Passthrough.Sdk.Hostdev.Xml;

internal static class Hexadecimal
{
    /// <summary>Returns the value of a digit; 16 or more if it is not a digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Digit(char c) => c switch
    {
        >= '0' and <= '9' => (uint)(c - '0'),
        >= 'a' and <= 'f' => (uint)(c - 'a' + 10),
        >= 'A' and <= 'F' => (uint)(c - 'A' + 10),
        _ => uint.MaxValue,
    };

    public static bool IsAllDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (Digit(c) >= 16)
            {
                return false;
            }
        }

        return true;
    }
}
