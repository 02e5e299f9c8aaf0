using System.Globalization;
using System.Text;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>The line of a virtual function in <see cref="NetworkStateText"/>.</summary>
internal static class VirtualFunctionText
{
    /// <summary>Writes it. A captured host contains no hardware addresses, so the MAC address is left out unless a fake host writes it.</summary>
    public static void Write(StringBuilder text, int link, InterfaceVirtualFunction function, bool withMac = false) => NetworkStateText.Line(
        text,
        "function",
        ("link", Text(link)),
        ("index", Text(function.Index)),
        ("mac", withMac ? function.MacAddress : null),
        ("vlan", function.Vlan is { } vlan ? Text(vlan.Id) : null),
        ("priority", function.Vlan is { Priority: not 0 } marked ? Text(marked.Priority) : null),
        ("service-tag", function.Vlan?.IsServiceTag == true ? "yes" : null),
        ("trust", Flag(function.IsTrusted)),
        ("spoof-check", Flag(function.ChecksSpoofing)),
        ("state", function.LinkState is { } state ? Text((int)state) : null),
        ("minimum", function.MinimumTransmitRate is { } minimum ? Text(minimum) : null),
        ("maximum", function.MaximumTransmitRate is { } maximum ? Text(maximum) : null));

    /// <summary>Reads it.</summary>
    public static InterfaceVirtualFunction Read(NetworkStateValues values) => new()
    {
        Index = values.Number("index"),
        MacAddress = values["mac"],
        Vlan = Optional(values, "vlan") is { } vlan ? new VlanTag(vlan, values.Number("priority")) { IsServiceTag = values.Flag("service-tag") } : null,
        IsTrusted = Flag(values["trust"]),
        ChecksSpoofing = Flag(values["spoof-check"]),
        LinkState = Optional(values, "state") is { } state and >= 0 and <= (int)VirtualFunctionLinkState.Disabled ? (VirtualFunctionLinkState)state : null,
        MinimumTransmitRate = Optional(values, "minimum"),
        MaximumTransmitRate = Optional(values, "maximum"),
    };

    private static int? Optional(NetworkStateValues values, string name) => values[name] is null ? null : values.Number(name);

    private static bool? Flag(string? value) => value switch
    {
        "yes" => true,
        "no" => false,
        _ => null,
    };

    private static string? Flag(bool? value) => value switch
    {
        true => "yes",
        false => "no",
        null => null,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
