using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Predicts the effect of a command line on a host's IOMMU.</summary>
internal static class IommuOutlook
{
    /// <summary>Returns whether the kernel would switch the IOMMU on; null if that depends on unknown facts, or if there is no
    /// IOMMU.</summary>
    public static bool? IsOnWith(KernelCommandLine line, HostSystem system)
    {
        var (intel, amd) = (system.Firmware.Has("DMAR").Value, system.Firmware.Has("IVRS").Value);
        if (!intel && !amd)
        {
            return null;
        }

        foreach (var name in IommuParameters.SwitchesFor(system))
        {
            if (IommuParameters.SwitchOf(line, name) is { IsOn: false })
            {
                return false;
            }
        }

        // AMD's is on by default.
        return amd ? true
            : IommuParameters.SwitchOf(line, IommuParameters.Intel) is { } said ? said.IsOn
            : IntelIommu.IsOnByDefault(system.Kernel) is { IsKnown: true, Value: var byDefault } ? byDefault
            : null;
    }
}
