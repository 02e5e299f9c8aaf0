using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence.Rules;

/// <summary>The names of the rule files: one file for each function and kind, in the administrator's directory of udev.</summary>
/// <remarks>
/// man udev(7): rules of all directories are read in the order of their names. 61 comes after the rules that describe devices and
/// before 80-drivers.rules, which loads the modules that claim a device.
/// </remarks>
internal static class UdevRuleFile
{
    public const string Directory = "/etc/udev/rules.d";

    private const string Prefix = "61-passthrough-";
    private const string Suffix = ".rules";
    private const string FunctionsSuffix = "-vfs";

    public static string PathOfBinding(PciAddress address) => $"{Directory}/{Prefix}{address}{Suffix}";

    public static string PathOfVirtualFunctions(PciAddress address) => $"{Directory}/{Prefix}{address}{FunctionsSuffix}{Suffix}";

    /// <summary>Returns whether a file in udev's directory has a name that this library gives.</summary>
    public static bool IsOurs(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Returns the address in the name of a file that <see cref="IsOurs"/>, or null if the name contains no address.</summary>
    public static PciAddress? AddressIn(string name)
    {
        var middle = name[Prefix.Length..^Suffix.Length];
        return PciAddress.TryParse(middle.EndsWith(FunctionsSuffix, StringComparison.Ordinal) ? middle[..^FunctionsSuffix.Length] : middle, out var address) ? address : null;
    }

    /// <summary>The command that tells a running udevd of changed rules.</summary>
    public const string ReloadCommand = "udevadm control --reload";
}
