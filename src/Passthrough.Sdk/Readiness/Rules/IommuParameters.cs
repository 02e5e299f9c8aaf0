using Passthrough.Sdk.Host.Firmware;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Which kernel parameters switch an IOMMU on and off, and what a command line makes of them.</summary>
/// <remarks>Source: the kernel's Documentation/admin-guide/kernel-parameters.txt, drivers/iommu/intel/iommu.c and amd/init.c.</remarks>
internal static class IommuParameters
{
    public const string Intel = "intel_iommu";
    public const string Amd = "amd_iommu";
    private const string Generic = "iommu";

    /// <summary>The parameters that count on a machine with these tables: the other vendor's does nothing.</summary>
    public static IEnumerable<string> SwitchesFor(FirmwareTables firmware)
    {
        var intel = firmware.Has("DMAR").Value;
        var amd = firmware.Has("IVRS").Value;
        if (intel)
        {
            yield return Intel;
        }

        if (amd)
        {
            yield return Amd;
        }

        if (intel || amd)
        {
            yield return Generic;
        }
    }

    /// <summary>What the line makes of a switch, the last word winning; null where it does not say on or off.</summary>
    public static (bool IsOn, KernelParameter Parameter)? SwitchOf(KernelCommandLine line, string name)
    {
        (bool, KernelParameter)? result = null;
        foreach (var parameter in line.All(name))
        {
            foreach (var option in parameter.Options)
            {
                // The kernel compares prefixes of what is left of the list, so "offline" would count too; nobody writes that.
                result = option switch
                {
                    "on" or "force" or "force_enable" => (true, parameter),
                    "off" => (false, parameter),
                    _ => result,
                };
            }
        }

        return result;
    }
}
