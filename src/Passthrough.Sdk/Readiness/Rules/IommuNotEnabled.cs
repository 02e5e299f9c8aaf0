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
                + "CONFIG_INTEL_IOMMU_DEFAULT_ON not set in /proc/config.gz or /boot/config-RELEASE.",
            Remedy = "Add intel_iommu=on to the boot configuration and boot again.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.IommuRebootPending];

    private const string DefaultOn = "CONFIG_INTEL_IOMMU_DEFAULT_ON";

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var system = context.System;
        var commandLine = system.Kernel.CommandLine;
        if (!context.NeedsVfio || system.Iommu.IsActive.Value || !system.Firmware.Has("DMAR").Value || commandLine.Value is not { } line
            || IommuParameters.SwitchOf(line, IommuParameters.Intel) is not null || IommuParameters.SwitchOf(line, "iommu") is { IsOn: false })
        {
            yield break;
        }

        var config = system.Kernel.Config;
        if (IntelIommuDefault.Of(system.Kernel).Value)
        {
            yield break; // on by default and yet not active: that is another matter (iommu.inactive)
        }

        yield return FindingFactory.Of(
            FindingIds.IommuNotEnabledByKernel,
            FindingSeverity.Error,
            "the machine has an Intel IOMMU, but this kernel leaves it off unless a parameter says otherwise",
            BootWords.Add(system.Boot, "intel_iommu=on"),
            [
                new Evidence(commandLine.Source, line.Text),
                .. IommuMisspelt.On(system),
                config.IsKnown ? new Evidence(config.Source, $"{DefaultOn} is not set") : config.ToEvidence(),
                new Evidence(system.Firmware.Dmar.Source, "present"),
            ]);
    }
}
