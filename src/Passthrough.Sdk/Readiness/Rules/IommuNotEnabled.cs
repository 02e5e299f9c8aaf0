using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Intel's IOMMU is there, the kernel's default is off, and nothing switches it on. AMD's is on by default.</summary>
internal sealed class IommuNotEnabled : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuNotEnabledByKernel,
            Severity = FindingSeverity.Error,
            Title = "this kernel leaves the IOMMU off unless a parameter says otherwise",
            Meaning =
                "The machine has an Intel IOMMU and the firmware shows it, but the kernel was built with its default off. libvirt "
                + "says: host doesn't support passthrough of host PCI devices. AMD's is on by default.",
            Detection =
                "The table DMAR, no IOMMU group, no intel_iommu= that says on or off in /proc/cmdline, and "
                + $"{IntelIommu.DefaultOn} not set in /proc/config.gz or /boot/config-RELEASE.",
            Remedy = "Add intel_iommu=on to the boot configuration and boot again.",
        },
    ];

    /// <summary>Whoever meant to switch it on did and did not boot yet, or took the other vendor's parameter.</summary>
    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.IommuRebootPending, FindingIds.IommuParameterForOtherVendor];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var (commandLine, config) = (context.System.Kernel.CommandLine, context.System.Kernel.Config);
        if (!NobodySays(context))
        {
            yield break;
        }

        if (!IsLeftOff(context))
        {
            if (!config.IsKnown)
            {
                yield return FindingFactory.Undetermined(FindingIds.IommuNotEnabledByKernel, "whether this kernel leaves the IOMMU off by default", config);
            }

            yield break;
        }

        yield return FindingFactory.Of(
            FindingIds.IommuNotEnabledByKernel,
            FindingSeverity.Error,
            config.IsKnown
                ? "the machine has an Intel IOMMU, but this kernel leaves it off unless a parameter says otherwise"
                : "the machine has an Intel IOMMU, and neither a parameter nor, it seems, this kernel's default switches it on",
            BootWords.Add(context.System.Boot, "intel_iommu=on"),
            [
                new Evidence(commandLine.Source, commandLine.Value!.Text),
                .. IommuMisspelt.On(context.System),
                config.IsKnown ? new Evidence(config.Source, $"{IntelIommu.DefaultOn} is not set") : config.ToEvidence(),
                new Evidence(context.System.Firmware.Dmar.Source, "present"),
            ]);
    }

    /// <summary>Whether an Intel IOMMU is off since nobody switched it on.</summary>
    internal static bool IsLeftOff(ReadinessContext context) => NobodySays(context) && context.System.Kernel.Config.Value switch
    {
        // The commonest case by far where there are no groups; where nobody knows that either it is a guess too many.
        null => context.HasGroups == false,
        var config => !IntelIommu.IsOnByDefault(context.System.Kernel).Value && !LacksDriver(config),
    };

    /// <summary>Whether a kernel was built without Intel's driver. A configuration that is cut short does not say.</summary>
    internal static bool LacksDriver(KernelConfig config) => config.IsEnabled("CONFIG_PCI") && !config.IsEnabled("CONFIG_INTEL_IOMMU");

    private static bool NobodySays(ReadinessContext context) =>
        context.NeedsVfio && !context.IsDom0 && context.HasGroups != true
        && context.System.Firmware.Has("DMAR").Value
        && context.System.Kernel.CommandLine.Value is { } line
        && IommuParameters.SwitchOf(line, IommuParameters.Intel) is null
        && IommuParameters.SwitchOf(line, IommuParameters.Generic) is not { IsOn: false };
}
