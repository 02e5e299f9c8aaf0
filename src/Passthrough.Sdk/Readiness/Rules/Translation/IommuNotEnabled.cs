using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports an Intel IOMMU that is off by the kernel's default and not switched on by a parameter. AMD's is on by
/// default.</summary>
internal sealed class IommuNotEnabled : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuNotEnabledByKernel,
            Severity = FindingSeverity.Error,
            Title = "this kernel leaves the IOMMU off unless a parameter says otherwise",
            Meaning =
                "The machine has an Intel IOMMU and the firmware shows it, but the kernel was built with the IOMMU off by "
                + "default. libvirt says: host doesn't support passthrough of host PCI devices. AMD's IOMMU is on by default.",
            Detection =
                "The table DMAR, no IOMMU group, no intel_iommu= that says on or off in /proc/cmdline, and "
                + $"{IntelIommu.DefaultOn} not set in /proc/config.gz or /boot/config-RELEASE.",
            Remedy = "Add intel_iommu=on to the boot configuration and reboot.",
        },
    ];

    /// <summary>Gets the other causes: the configuration has the parameter but the host was not rebooted, or it has the other
    /// vendor's parameter.</summary>
    public ValueList<string> ExplainedBy { get; } = [FindingIds.IommuRebootPending, FindingIds.IommuParameterForOtherVendor];

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
                yield return FindingFactory.UndeterminedOfHost(FindingIds.IommuNotEnabledByKernel, "whether this kernel leaves the IOMMU off by default", config);
            }

            yield break;
        }

        yield return FindingFactory.OfHost(
            FindingIds.IommuNotEnabledByKernel,
            FindingSeverity.Error,
            config.IsKnown
                ? "the machine has an Intel IOMMU, but this kernel leaves it off unless a parameter says otherwise"
                : "the machine has an Intel IOMMU, but no parameter and apparently no kernel default switches it on",
            BootWords.Add(context.System.Boot, "intel_iommu=on"),
            [
                new Evidence(commandLine.Source, commandLine.Value!.Text),
                .. IommuMisspelt.On(context.System),
                config.IsKnown ? new Evidence(config.Source, $"{IntelIommu.DefaultOn} is not set") : config.ToEvidence(),
                new Evidence(context.System.Firmware.Dmar.Source, "present"),
            ]);
    }

    /// <summary>Returns whether an Intel IOMMU is off because nothing switches it on.</summary>
    internal static bool IsLeftOff(ReadinessContext context) => NobodySays(context) && context.System.Kernel.Config.Value switch
    {
        // This is by far the most common case if there are no groups; if even that is unknown, it would be a guess.
        null => context.HasGroups == false,
        var config => !IntelIommu.IsOnByDefault(context.System.Kernel).Value && !LacksDriver(config),
    };

    /// <summary>Returns whether a kernel was built without Intel's driver. A truncated configuration does not show it.</summary>
    internal static bool LacksDriver(KernelConfig config) => config.IsEnabled("CONFIG_PCI") && !config.IsEnabled("CONFIG_INTEL_IOMMU");

    private static bool NobodySays(ReadinessContext context) =>
        context.NeedsVfio && !context.IsDom0 && context.HasGroups != true
        && context.System.Firmware.Has("DMAR").Value
        && context.System.Kernel.CommandLine.Value is { } line
        && IommuParameters.SwitchOf(line, IommuParameters.Intel) is null
        && IommuParameters.SwitchOf(line, IommuParameters.Generic) is not { IsOn: false };
}
