using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a source that is not a host: it has neither a PCI function nor a file of a kernel.</summary>
internal sealed class HostIsEmpty : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.HostNothingFound,
            Severity = FindingSeverity.Error,
            Title = "the source is not a host",
            Meaning =
                "The directory or the archive has no PCI function and no file of a running kernel, so nothing can be determined. "
                + "Usually the path is mistyped, or a copy does not include /proc and /sys.",
            Detection =
                "There is no entry in /sys/bus/pci/devices, and none of /proc/cmdline, /proc/modules, /proc/sys/kernel/osrelease, "
                + "/sys/kernel/iommu_groups and the firmware tables exists. This finding is always undetermined: such a source does "
                + "not show whether a host is ready.",
            Remedy = "Specify the root directory of a host, an archive that was captured on a host, or the output of lspci -xxxx.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var (snapshot, system) = (context.Snapshot, context.System);
        if (snapshot.Devices.Count == 0 && system.Kernel is { CommandLine.IsAbsent: true, Release.IsAbsent: true } && system.Modules.Loaded.IsAbsent
            && !system.Iommu.GroupCount.IsKnown && !system.Firmware.AcpiNames.IsKnown && !system.Firmware.DeviceTree.IsKnown)
        {
            yield return new Finding
            {
                Id = FindingIds.HostNothingFound,
                Severity = FindingSeverity.Info,
                PossibleSeverity = FindingSeverity.Error,
                IsUndetermined = true,
                Title = $"cannot tell whether {snapshot.Source} is ready: it has no PCI function and no file of a running kernel",
                Remedy = "specify the root directory of a host, an archive that was captured on a host, or the output of lspci -xxxx",
                Evidence = [new Evidence("/sys/bus/pci/devices", "absent"), system.Kernel.CommandLine.ToEvidence(), system.Modules.Loaded.ToEvidence()],
            };
        }
    }
}
