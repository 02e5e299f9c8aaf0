using System.Text.RegularExpressions;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Checks the list of devices that xen-pciback hides from dom0: <c>(0000:01:00.0)(01:00.*)</c>.</summary>
/// <remarks>
/// Source: drivers/xen/xen-pciback/pci_stub.c, pcistub_init: (domain:bus:slot.function), the domain optional, the function or slot and
/// function a star; hexadecimal numbers. If one entry cannot be read, the driver does not start.
/// </remarks>
internal static partial class XenHideList
{
    /// <summary>Returns whether the driver can parse the list.</summary>
    /// <param name="list">The value of <c>hide=</c>; an empty one hides nothing.</param>
    public static bool CanBeParsed(string list) => List().IsMatch(list);

    // Spaces are allowed where the kernel's sscanf skips them: before a number, and around an entry. An entry is atomic, so that
    // the time is linear. The engine of RegexOptions.NonBacktracking would promise the same, and weighs 0.5 MB in a native program.
    [GeneratedRegex(@"^(?:\s*(?>\(\s*(?:0[xX])?[0-9a-fA-F]+:(?:\s*(?:0[xX])?[0-9a-fA-F]+:)?(?:\*\.\*|\s*(?:0[xX])?[0-9a-fA-F]+\.(?:\*|\s*(?:0[xX])?[0-9a-fA-F]+))\)\s*)+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex List();
}
