using System.Globalization;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reads what Xen's own command line says of the IOMMU, and what a version of Xen allows without one.</summary>
/// <remarks>
/// Sources: Xen, xen/drivers/passthrough/iommu.c (parse_iommu_param) and xen/common/kernel.c (parse_boolean). The refusal of devices for paravirtualised
/// guests without an IOMMU came with libxl's option passthrough= in Xen 4.13 (libxl__domain_config_setdefault); before, libxl_pci.c passed over the error.
/// </remarks>
internal static class XenParameters
{
    private static readonly string[] Off = ["0", "no", "off", "false", "disable"];
    private static readonly string[] On = ["1", "yes", "on", "true", "enable", "force", "required"];

    /// <summary>Returns the parameter that switches the IOMMU off, as it is written; null if none does, or one after it switches it on again.</summary>
    public static string? SwitchesIommuOff(KernelCommandLine? line)
    {
        string? found = null;
        foreach (var parameter in line?.Parameters ?? [])
        {
            if (parameter.Name == "no-iommu")
            {
                found = parameter.ToString();
            }
            else if (parameter.Name == "iommu")
            {
                foreach (var word in (parameter.Value ?? "on").Split(','))
                {
                    found = Off.Contains(word) ? parameter.ToString() : On.Contains(word) ? null : found;
                }
            }
        }

        return found;
    }

    /// <summary>Returns whether a version of Xen gives devices to paravirtualised guests without an IOMMU; false if the version is not known.</summary>
    /// <param name="version">The version, <c>4.12.1</c>; null if it is not known.</param>
    public static bool AllowsPvWithoutIommu(string? version) =>
        version?.Split('.', '-') is [var major, var minor, ..]
        && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
        && (first < 4 || (first == 4 && second < 13));
}
