using System.Text;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Explain;

/// <summary>Inserts what a message names into a title or a remedy.</summary>
internal sealed class TitleFiller(PatternMatch? match, PciAddress? device, int? group, string? domain)
{
    /// <summary>Gets the device as the host has it; null if it is not known.</summary>
    public PciDevice? Found { get; init; }

    /// <summary>Returns the text with its names in braces replaced.</summary>
    public string Fill(string text)
    {
        var filled = new StringBuilder();
        var rest = text.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is > 0 and var length)
        {
            filled.Append(rest[..open]).Append(Value(rest.Slice(open + 1, length - 1).ToString()));
            rest = rest[(open + length + 1)..];
        }

        return filled.Append(rest).ToString();
    }

    private string Value(string name) => name switch
    {
        "device" => Device ?? Captured(name, LongestOfThese) ?? "the device",
        "node" => device?.NodeDeviceName ?? "NODE",
        "group" => Captured(name, 8) ?? group?.ToString(null, null) ?? "of the device",
        "owner" => Captured(name, LongestOfThese) ?? "another",
        "domain" => Captured(name, LongestOfThese) ?? domain ?? "of that name",
        "bound" => Captured(name, LongestOfThese) ?? Found?.Driver ?? "that is bound",
        "physical" => Found?.PhysicalFunction?.ToString() ?? "of the device",
        "driver" => Captured(name, LongestOfThese) ?? "the driver",
        _ => Captured(name, LongestText) ?? "it",
    };

    private const int LongestOfThese = 80;
    private const int LongestText = 300;

    private string? Device => match?["device"] is { } captured && PciAddress.TryParse(captured, out var named) ? named.ToString() : device?.ToString();

    // A format that was never filled ("%1$s") names nothing.
    private string? Captured(string name, int most) =>
        match?[name] is { } value && value[0] != '%' ? (value.Length > most ? value[..most] : value) : null;
}
