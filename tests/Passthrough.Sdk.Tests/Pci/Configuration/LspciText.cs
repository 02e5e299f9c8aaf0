using System.Globalization;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>
/// A decoded value in the words lspci has for it, so that the two can be held against each other. Where versions of lspci
/// (3.9 to 3.14) use different words, both are here: what lspci prints must be found in this, in order.
/// </summary>
internal static partial class LspciText
{
    private static readonly string[] Devsel = ["fast", "medium", "slow", "??"];

    /// <summary>The words of lspci's text or of ours, without what only lays it out.</summary>
    public static string[] Words(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimEnd(',', ';')).Where(word => word.Length > 0)];

    public static string Capability(PciCapability capability, LspciDumpFunction function) => capability switch
    {
        RawCapability raw => Raw(raw),
        PciExpressCapability express => Express(express, function),
        { IsExtended: true } => Extended(capability, function),
        _ => Standard(capability, function),
    };

    private static string Raw(RawCapability raw) =>
        (raw.Name == "unknown" ? "" : raw.Name) + " " + (raw.IsExtended ? $"Extended Capability ID 0x{raw.Id:x2}" : $"Capability ID 0x{raw.Id:x2} [{raw.Flags:x4}]");

    private static string F(bool value) => value ? "+" : "-";

    private static string Flags<T>(T value, params ReadOnlySpan<(string Word, T Bit)> words)
        where T : struct, Enum
    {
        var text = new List<string>();
        foreach (var (word, bit) in words)
        {
            text.Add(word + F(value.HasFlag(bit)));
        }

        return string.Join(' ', text);
    }

    private static string Bits(int value, params ReadOnlySpan<string> words)
    {
        var text = new List<string>();
        for (var bit = 0; bit < words.Length; bit++)
        {
            if (words[bit][0] != '?' || ((value >> bit) & 1) != 0)
            {
                text.Add(words[bit] + F(((value >> bit) & 1) != 0));
            }
        }

        return string.Join(' ', text);
    }

    private static string Table(int value, params ReadOnlySpan<string> words) => value < words.Length ? words[value] : $"??{value}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
