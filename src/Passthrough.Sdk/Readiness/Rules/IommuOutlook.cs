using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>What a command line would make of a host's IOMMU.</summary>
internal static class IommuOutlook
{
    /// <summary>Whether the kernel would switch the IOMMU on; null where that depends on what is not known, or there is none to switch.</summary>
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
