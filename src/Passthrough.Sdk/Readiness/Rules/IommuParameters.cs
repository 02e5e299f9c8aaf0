using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Which kernel parameters switch an IOMMU on and off, and what a command line makes of them.</summary>
/// <remarks>Source: the kernel's drivers/iommu/intel/iommu.c, drivers/iommu/amd/init.c and arch/x86/kernel/pci-dma.c.</remarks>
internal static class IommuParameters
{
    public const string Intel = "intel_iommu";
    public const string Amd = "amd_iommu";
    public const string Generic = "iommu";

    /// <summary>Whose IOMMU the machine has, as the name of its parameter; null where nobody can tell, and on others than Intel and AMD.</summary>
    public static string? VendorOf(HostSystem system)
    {
        var (intel, amd) = (system.Firmware.Has("DMAR").Value, system.Firmware.Has("IVRS").Value);
        return intel != amd ? (intel ? Intel : Amd) : system.Cpu.Vendor.Value switch
        {
            "GenuineIntel" => Intel,
            "AuthenticAMD" or "HygonGenuine" => Amd,
            _ => null,
        };
    }

    /// <summary>What <see cref="VendorOf"/> goes by.</summary>
    public static Evidence VendorEvidence(HostSystem system)
    {
        var (intel, amd) = (system.Firmware.Has("DMAR").Value, system.Firmware.Has("IVRS").Value);
        return intel != amd ? new(system.Firmware.AcpiNames.Source, intel ? "DMAR" : "IVRS") : system.Cpu.Vendor.ToEvidence();
    }

    /// <summary>The parameters that count on this machine: the other vendor's does nothing, and on other processors there are none.</summary>
    public static IEnumerable<string> SwitchesFor(HostSystem system)
    {
        var firmware = system.Firmware;
        var (intel, amd) = (firmware.Has("DMAR").Value, firmware.Has("IVRS").Value);
        if (!intel && !amd
            && (firmware.Has("IORT").Value || firmware.Has("VIOT").Value || system.Cpu.Architecture.Value is not (null or "x86_64" or "i686")))
        {
            return [];
        }

        return intel && amd ? [Intel, Amd, Generic] : VendorOf(system) is { } vendor ? [vendor, Generic] : [Intel, Amd, Generic];
    }

    /// <summary>What the line makes of a switch; null where it does not say on or off.</summary>
    /// <remarks>
    /// The kernel compares the beginnings of the words between the commas. Of intel_iommu the last word counts; nothing takes an
    /// off of amd_iommu and iommu back.
    /// </remarks>
    public static (bool IsOn, KernelParameter Parameter)? SwitchOf(KernelCommandLine line, string name)
    {
        (bool IsOn, KernelParameter Parameter)? result = null;
        foreach (var parameter in line.All(name))
        {
            foreach (var option in parameter.Options)
            {
                if (option.StartsWith("off", StringComparison.Ordinal))
                {
                    result = (false, parameter);
                }
                else if (IsOn(option, name) && (name == Intel || result is not { IsOn: false }))
                {
                    result = (true, parameter);
                }
            }
        }

        return result;
    }

    // amd_iommu=on does not exist, and does no harm.
    private static bool IsOn(string option, string name) =>
        option.StartsWith("on", StringComparison.Ordinal) || (name != Intel && option.StartsWith("force", StringComparison.Ordinal) && option != "force_isolation");
}
