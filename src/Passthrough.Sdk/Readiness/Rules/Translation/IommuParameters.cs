using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Knows the kernel parameters that switch an IOMMU on and off, and evaluates a command line.</summary>
/// <remarks>Source: the kernel's drivers/iommu/intel/iommu.c, drivers/iommu/amd/init.c and arch/x86/kernel/pci-dma.c.</remarks>
internal static class IommuParameters
{
    public const string Intel = "intel_iommu";
    public const string Amd = "amd_iommu";
    public const string Generic = "iommu";

    /// <summary>Returns the vendor of the machine's IOMMU, as the name of its parameter; null if it is unknown or neither Intel
    /// nor AMD.</summary>
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

    /// <summary>Returns the evidence for <see cref="VendorOf"/>.</summary>
    public static Evidence VendorEvidence(HostSystem system)
    {
        var (intel, amd) = (system.Firmware.Has("DMAR").Value, system.Firmware.Has("IVRS").Value);
        return intel != amd ? new(system.Firmware.AcpiNames.Source, intel ? "DMAR" : "IVRS") : system.Cpu.Vendor.ToEvidence();
    }

    /// <summary>Returns the parameters that count on this machine: those of the other vendor have no effect, and other
    /// processors have none.</summary>
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

    /// <summary>Evaluates a switch on the line; returns null if the line does not set it to on or off.</summary>
    /// <remarks>
    /// The kernel compares the beginnings of the words between the commas. For intel_iommu the last word counts; nothing cancels an
    /// off of amd_iommu and iommu.
    /// </remarks>
    public static (bool IsOn, KernelParameter Parameter)? SwitchOf(KernelCommandLine line, string name)
    {
        (bool IsOn, KernelParameter Parameter)? result = null;
        foreach (var parameter in line.Effective(name))
        {
            foreach (var option in parameter.Options)
            {
                if (IsOff(option))
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

    /// <summary>Returns the parameter that switches ACPI off, and with it every firmware table; null if none does.</summary>
    /// <remarks>Source: arch/x86/kernel/acpi/boot.c, parse_acpi: off sets a flag, force clears it, other words leave it as it is.</remarks>
    public static KernelParameter? AcpiOffBy(KernelCommandLine line)
    {
        KernelParameter? off = null;
        foreach (var parameter in line.Effective("acpi"))
        {
            off = parameter.Value switch { "off" => parameter, "force" => null, _ => off };
        }

        return off;
    }

    /// <summary>Returns whether the kernel treats a word of any of the switches as off.</summary>
    public static bool IsOff(string option) => option.StartsWith("off", StringComparison.Ordinal);

    // amd_iommu=on does not exist, but is harmless.
    private static bool IsOn(string option, string name) =>
        option.StartsWith("on", StringComparison.Ordinal) || (name != Intel && option.StartsWith("force", StringComparison.Ordinal) && option != "force_isolation");
}
