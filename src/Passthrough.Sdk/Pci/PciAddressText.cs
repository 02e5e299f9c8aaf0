using System.Text;

namespace Passthrough.Sdk.Pci;

/// <summary>Addresses from the kernel's bytes, without a string between.</summary>
internal static class PciAddressText
{
    // ffffffff:ff:1f.7
    private const int MostLength = 16;

    public static bool TryParse(ReadOnlySpan<byte> text, out PciAddress address)
    {
        address = default;
        if (text.Length > MostLength)
        {
            return false;
        }

        Span<char> chars = stackalloc char[MostLength];
        return Encoding.UTF8.TryGetChars(text, chars, out var length) && PciAddress.TryParse(chars[..length], null, out address);
    }
}
