using System.Collections.Immutable;
using Passthrough.Sdk.Host.Kernel;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The machine has an IOMMU, and a kernel parameter switches it off.</summary>
internal sealed class IommuDisabledByParameter : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuDisabledByKernelParameter,
            Severity = FindingSeverity.Error,
            Title = "a kernel parameter switches the IOMMU off",
            Meaning =
                "The machine and its firmware are fine; the kernel was told not to use the IOMMU. libvirt says: host doesn't support "
                + "passthrough of host PCI devices.",
            Detection =
                "/proc/cmdline, for the kind of IOMMU whose table the firmware gives: intel_iommu=off where no later word says on, "
                + "amd_iommu=off, iommu=off; acpi=off hides the tables as well.",
            Remedy = "Remove the parameter from the boot configuration and boot again.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.IommuRebootPending];

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
                    BootWords.Remove(system.Boot, off.Parameter.ToString()),
                    new Evidence(commandLine.Source, line.Text));
            }
        }
    }
}
