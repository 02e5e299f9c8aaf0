using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>A parameter speaks to the IOMMU of the other vendor: it does nothing, and may be why nothing was switched on.</summary>
internal sealed class IommuParameterForOtherVendor : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuParameterForOtherVendor,
            Severity = FindingSeverity.Warning,
            Title = "a kernel parameter speaks to the IOMMU of the other vendor",
            Meaning =
                "amd_iommu= does nothing on an Intel machine and intel_iommu= nothing on an AMD one. Harmless where the IOMMU is at "
                + "work; where Intel's is off by the kernel's default and amd_iommu=on was meant to switch it on, it is the reason "
                + "(then it is an error).",
            Detection =
                "/proc/cmdline against the firmware's table (DMAR: Intel, IVRS: AMD), else the vendor in /proc/cpuinfo. In a Xen dom0 "
                + "see xen.dom0-parameter-has-no-effect.",
            Remedy =
                "Remove it. On Intel add intel_iommu=on where the kernel's default is off; on AMD nothing is needed, and amd_iommu=on "
                + "does not exist.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.IommuFirmwareTableMissing, FindingIds.IommuRebootPending];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var system = context.System;
        if (!context.NeedsVfio || context.IsDom0 || system.Kernel.CommandLine.Value is not { } line
            || IommuParameters.VendorOf(system) is not { } vendor)
        {
            yield break;
        }

        var other = vendor == IommuParameters.Intel ? IommuParameters.Amd : IommuParameters.Intel;
        if (line.Last(other) is not { } parameter)
        {
            yield break;
        }

        var isReason = vendor == IommuParameters.Intel && IommuParameters.SwitchOf(line, other) is not { IsOn: false } && IommuNotEnabled.IsLeftOff(context);
        yield return FindingFactory.Of(
            FindingIds.IommuParameterForOtherVendor,
            isReason ? FindingSeverity.Error : FindingSeverity.Warning,
            $"the kernel parameter {parameter} does nothing here: the machine's IOMMU is {(vendor == IommuParameters.Intel ? "Intel's" : "AMD's")}",
            (isReason ? BootWords.Add(system.Boot, "intel_iommu=on") + "; " : "") + BootWords.Remove(system.Boot, parameter.ToString()),
            new Evidence(system.Kernel.CommandLine.Source, line.Text),
            IommuParameters.VendorEvidence(system));
    }
}
