using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a parameter for the IOMMU of the other vendor. It has no effect, and may be the reason why nothing was
/// switched on.</summary>
internal sealed class IommuParameterForOtherVendor : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuParameterForOtherVendor,
            Severity = FindingSeverity.Warning,
            Title = "a kernel parameter is for the IOMMU of the other vendor",
            Meaning =
                "amd_iommu= has no effect on an Intel machine, and intel_iommu= has none on an AMD machine. This is harmless if "
                + "the IOMMU is in use. If Intel's IOMMU is off by the kernel's default and amd_iommu=on was meant to switch it on, "
                + "it is the cause (then the finding is an error).",
            Detection =
                "/proc/cmdline is compared with the firmware's table (DMAR: Intel, IVRS: AMD), or else with the vendor in "
                + "/proc/cpuinfo. For a Xen dom0, see xen.dom0-parameter-has-no-effect.",
            Remedy =
                "Remove the parameter. On Intel, add intel_iommu=on if the kernel's default is off. On AMD, no parameter is "
                + "needed, and amd_iommu=on does not exist.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.IommuFirmwareTableMissing, FindingIds.IommuRebootPending];

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
        yield return FindingFactory.OfHost(
            FindingIds.IommuParameterForOtherVendor,
            isReason ? FindingSeverity.Error : FindingSeverity.Warning,
            $"the kernel parameter {parameter} has no effect here: the machine's IOMMU is {(vendor == IommuParameters.Intel ? "Intel's" : "AMD's")}",
            (isReason ? BootWords.Add(system.Boot, "intel_iommu=on") + "; " : "") + BootWords.Remove(system.Boot, parameter.ToString()),
            new Evidence(system.Kernel.CommandLine.Source, line.Text),
            IommuParameters.VendorEvidence(system));
    }
}
