using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The machine has an IOMMU, and a kernel parameter switches it off.</summary>
internal sealed class IommuDisabledByParameter : IReadinessRule
{
    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var system = context.System;
        if (!context.NeedsVfio || system.Iommu.IsActive.Value)
        {
            yield break;
        }

        var commandLine = system.Kernel.CommandLine;
        if (commandLine.IsUnknown)
        {
            yield return FindingFactory.Undetermined(
                FindingIds.IommuDisabledByKernelParameter, "whether a kernel parameter switches the IOMMU off", commandLine);
            yield break;
        }

        foreach (var name in IommuParameters.SwitchesFor(system.Firmware))
        {
            if (commandLine.Value is { } line && IommuParameters.SwitchOf(line, name) is { IsOn: false } off)
            {
                yield return FindingFactory.Of(
                    FindingIds.IommuDisabledByKernelParameter,
                    FindingSeverity.Error,
                    $"the kernel parameter {off.Parameter} switches the IOMMU off",
                    $"remove {off.Parameter} from the kernel's parameters (passthrough boot plan --remove {off.Parameter.Name}) and boot again",
                    new Evidence(commandLine.Source, line.Text));
            }
        }
    }
}
