using System.Text;

namespace Passthrough.Sdk.Pci;

/// <summary>One field of vital product data.</summary>
/// <param name="Keyword">Two characters that say what it is: PN part number, SN serial number, Vx the vendor's own, Yx the system's.</param>
/// <param name="Text">The value as text, without the blanks at its end.</param>
/// <param name="Value">The raw value.</param>
public sealed record VitalProductDataField(string Keyword, string Text, ReadOnlyMemory<byte> Value)
{
    /// <summary>A field of which only the text is known.</summary>
    internal static VitalProductDataField Of(string keyword, string text) => new(keyword, text, Encoding.UTF8.GetBytes(text));
}
