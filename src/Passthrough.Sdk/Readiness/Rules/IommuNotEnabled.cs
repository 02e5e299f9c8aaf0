using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Intel's IOMMU is there, the kernel's default is off, and nothing switches it on. AMD's is on by default.</summary>
internal sealed class IommuNotEnabled : IReadinessRule
{
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
        if (config.Value is { } known && known.IsEnabled(DefaultOn))
        {
            yield break; // on by default and yet not active: that is another matter (iommu.inactive)
        }

        yield return FindingFactory.Of(
            FindingIds.IommuNotEnabledByKernel,
            FindingSeverity.Error,
            "the machine has an Intel IOMMU, but this kernel leaves it off unless a parameter says otherwise",
            "add intel_iommu=on to the kernel's parameters (passthrough boot plan --add intel_iommu=on) and boot again",
            new Evidence(commandLine.Source, line.Text),
            config.IsKnown ? new Evidence(config.Source, $"{DefaultOn} is not set") : config.ToEvidence(),
            new Evidence(system.Firmware.Dmar.Source, "present"));
    }
}
