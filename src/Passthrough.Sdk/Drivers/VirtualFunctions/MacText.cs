using System.Globalization;

namespace Passthrough.Sdk.Drivers;

/// <summary>MAC addresses as text.</summary>
internal static class MacText
{
    public const int Size = 6;

    /// <summary>Reads six bytes, two hexadecimal digits each, with colons or hyphens between them.</summary>
    public static bool TryParse(string text, out byte[] bytes)
    {
        bytes = new byte[Size];
        var parts = text.Split(text.Contains('-', StringComparison.Ordinal) ? '-' : ':');
        if (parts.Length != Size)
        {
            return false;
        }

        for (var i = 0; i < Size; i++)
        {
            if (parts[i].Length != 2 || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes an address as the kernel does; a text that is no address stays as it is.</summary>
    public static string Normalize(string text) => TryParse(text, out var bytes) ? string.Join(':', bytes.Select(part => part.ToString("x2", CultureInfo.InvariantCulture))) : text;
}
