using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;

namespace Passthrough.Sdk.Drivers;

/// <summary>One setting of one virtual function, in the words of <c>ip link set DEVICE vf INDEX NAME VALUE</c>.</summary>
/// <param name="Index">The index of the virtual function.</param>
/// <param name="Name">The setting: one of the constants.</param>
/// <param name="Value">The value: a MAC address, a VLAN as <see cref="VlanTag.ToString"/> writes it, <c>on</c> or <c>off</c>.</param>
internal sealed record VirtualFunctionSetting(int Index, string Name, string Value)
{
    public const string Mac = "mac";
    public const string Vlan = "vlan";
    public const string SpoofCheck = "spoofchk";
    public const string Trust = "trust";
    public const string On = "on";
    public const string NoMac = "00:00:00:00:00:00";

    /// <summary>The names, in the order in which the settings are made.</summary>
    public static ValueList<string> Names { get; } = [Mac, Vlan, SpoofCheck, Trust];

    /// <summary>Gets the name for people.</summary>
    public string Title => Name switch
    {
        Mac => "MAC address",
        Vlan => "VLAN",
        SpoofCheck => "spoof check",
        _ => "trust",
    };

    /// <summary>Returns the command that does the same.</summary>
    public string CommandOf(string device) => string.Create(CultureInfo.InvariantCulture, $"ip link set {ShellArgument.Of(device)} vf {Index} {Name} {Value}");

    /// <summary>Returns the settings that a request makes, in order. They must be valid.</summary>
    public static IEnumerable<VirtualFunctionSetting> Of(VirtualFunctionSettings settings) =>
        Of(settings.Index, settings.MacAddress is { } mac ? MacText.Normalize(mac) : null, settings.Vlan, settings.ChecksSpoofing, settings.IsTrusted);

    /// <summary>
    /// Returns the settings that a virtual function loses when it is created again: without those that every driver gives to a new one, and without what
    /// its driver does not report.
    /// </summary>
    public static IEnumerable<VirtualFunctionSetting> OfKept(InterfaceVirtualFunction function) => Of(
        function.Index,
        function.MacAddress == NoMac ? null : function.MacAddress,
        function.Vlan == VlanTag.None ? null : function.Vlan,
        function.ChecksSpoofing == true ? null : function.ChecksSpoofing,
        function.IsTrusted == false ? null : function.IsTrusted);

    /// <summary>Returns the value of a setting now; null if the driver does not report it.</summary>
    public static string? ValueOf(InterfaceVirtualFunction function, string name) => name switch
    {
        Mac => function.MacAddress,
        Vlan => function.Vlan?.ToString(),
        SpoofCheck => Text(function.ChecksSpoofing),
        _ => Text(function.IsTrusted),
    };

    private static IEnumerable<VirtualFunctionSetting> Of(int index, string? mac, VlanTag? vlan, bool? checksSpoofing, bool? isTrusted)
    {
        foreach (var (name, value) in new[] { (Mac, mac), (Vlan, vlan?.ToString()), (SpoofCheck, Text(checksSpoofing)), (Trust, Text(isTrusted)) })
        {
            if (value is not null)
            {
                yield return new(index, name, value);
            }
        }
    }

    private static string? Text(bool? value) => value switch
    {
        true => On,
        false => "off",
        null => null,
    };
}
