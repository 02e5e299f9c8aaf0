using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Finds parameters that were meant to switch the IOMMU on but that the kernel does not know or never receives.</summary>
/// <remarks>
/// Source: drivers/iommu/intel/iommu.c (intel_iommu_setup), amd/init.c (parse_amd_iommu_options) and
/// arch/x86/kernel/pci-dma.c (iommu_setup), which silently ignore words that they do not know.
/// </remarks>
internal static class IommuMisspelt
{
    /// <summary>Returns the mistakes in the parameters of this host, as evidence.</summary>
    public static IEnumerable<Evidence> On(HostSystem system)
    {
        if (system.Kernel.CommandLine is { Value: { } line } running)
        {
            foreach (var parameter in line.Parameters)
            {
                if (Why(parameter) is { } why)
                {
                    yield return new Evidence(running.Source, $"{parameter}: {why}");
                }
            }

            if (line.InitArguments is { } rest && IommuParameters.SwitchOf(KernelCommandLine.Parse(rest), IommuParameters.Intel) is { } late)
            {
                yield return new Evidence(running.Source, $"{late.Parameter} is after --: it goes to init and not to the kernel");
            }
        }

        foreach (var place in system.Boot.Elsewhere)
        {
            if (place.Parameter.IsNamed(IommuParameters.Intel) || place.Parameter.IsNamed(IommuParameters.Amd) || place.Parameter.IsNamed("iommu"))
            {
                yield return new Evidence(place.Path, $"{place.Parameter} is set here, but {BootWords.Name(system.Boot.Loader)} does not read this file");
            }
        }
    }

    /// <summary>Returns why a parameter does not switch the IOMMU on although it was meant to; null if it is correct.</summary>
    public static string? Why(KernelParameter parameter)
    {
        if (parameter.IsNamed(IommuParameters.Intel))
        {
            return parameter.Value is null ? "the kernel ignores it without a value; intel_iommu=on is meant"
                : parameter.Options.FirstOrDefault(word => !IntelIommu.Knows(word)) is { } unknown
                    ? $"the kernel does not know the word {unknown}; intel_iommu=on is meant"
                    : null;
        }

        if (parameter.IsNamed("iommu") && parameter.Options.FirstOrDefault(word => word is "on" or "1" or "yes" or "true" or "enable" or "enabled" or "intel_iommu" or "intel") is { } generic)
        {
            return $"iommu does not know the word {generic} and never switches Intel's IOMMU on; intel_iommu=on does";
        }

        return parameter.Value is "on" or "1" or "off" && IsNearly(Plain(parameter.Name), Plain(IommuParameters.Intel))
            ? $"the kernel does not know a parameter {parameter.Name}; intel_iommu is meant"
            : null;
    }

    internal static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>Returns whether two names differ by at most one letter: missing, added or changed.</summary>
    internal static bool IsNearly(string one, string other)
    {
        if (one == other)
        {
            return true;
        }

        var head = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var (a, b) = (one[head..], other[head..]);
        return (a.Length == b.Length && a.Length > 0 && a[1..] == b[1..])
            || (a.Length == b.Length && a.Length > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..])
            || (a.Length == b.Length + 1 && a[1..] == b)
            || (b.Length == a.Length + 1 && b[1..] == a);
    }
}
