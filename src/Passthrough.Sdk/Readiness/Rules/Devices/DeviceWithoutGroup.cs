using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device without a group although the IOMMU is in use, such as the integrated graphics with
/// <c>intel_iommu=igfx_off</c>.</summary>
internal sealed class DeviceWithoutGroup : IReadinessRule
{
    /// <summary>Gets no descriptions: the finding is described by the rule for a host without any group.</summary>
    public ValueList<FindingDescription> Describes => [];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.DeviceIsBridge, FindingIds.DeviceUnresponsive];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio || context.IsDom0 || context.System.Iommu.GroupCount is not { IsKnown: true, Value: > 0 } || context.Snapshot.IommuGroups.Count == 0)
        {
            yield break;
        }

        foreach (var device in context.Devices.Where(device => device.IommuGroupId is null))
        {
            var evidence = new Evidence($"/sys/bus/pci/devices/{device.Address}/iommu_group", "absent");
            yield return WithoutGraphics(context, device) is { } parameter
                ? FindingFactory.Of(
                    [device.Address],
                    FindingIds.IommuDisabledByKernelParameter,
                    FindingSeverity.Error,
                    $"the kernel parameter {parameter} switches the IOMMU off for the integrated graphics {device.Address}",
                    BootWords.Remove(context.System.Boot, parameter),
                    evidence,
                    new Evidence(context.System.Kernel.CommandLine.Source, parameter))
                : device.Driver is null && JoinsWithDriver(context.System.Iommu)
                ? NotYet(device, evidence)
                : NotIsolated(context, device, evidence);
        }
    }

    // Intel's and AMD's tables name the devices. What IORT, VIOT and a device tree say of a device is evaluated when a driver
    // binds to it (the kernel's dma_configure), and until then it has no group.
    private static bool JoinsWithDriver(IommuStatus iommu) =>
        iommu.Units is { IsKnown: true, Value.IsEmpty: false } units && !units.Value.Any(unit => unit.Kind is IommuKind.IntelVtd or IommuKind.AmdVi);

    private static Finding NotYet(PciDevice device, Evidence evidence) => new()
    {
        Id = FindingIds.IommuInactive,
        Severity = FindingSeverity.Info,
        PossibleSeverity = FindingSeverity.Error,
        IsUndetermined = true,
        Title = $"cannot tell in which IOMMU group {device.Address} is: no driver is bound to it, and with this kind of IOMMU a device joins its group when a driver binds",
        Remedy = $"bind it to vfio-pci and check it again (echo vfio-pci > /sys/bus/pci/devices/{device.Address}/driver_override; echo {device.Address} > /sys/bus/pci/drivers_probe)",
        Evidence = [evidence, new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", "absent")],
        Devices = [device.Address],
    };

    private static Finding NotIsolated(ReadinessContext context, PciDevice device, Evidence evidence)
    {
        var streams = SharedStreams(context.System.Kernel.Log, device);
        return FindingFactory.Of(
            [device.Address],
            FindingIds.IommuInactive,
            FindingSeverity.Error,
            $"{device.Address} is in no IOMMU group although the host has {context.System.Iommu.GroupCount.Value}, so it cannot be assigned to a guest"
            + (streams.IsEmpty ? "" : "; the driver of the SMMU refused it because it has the stream id of another device"),
            streams.IsEmpty
                ? "search the kernel log for DMAR, AMD-Vi or SMMU and this address: the firmware's table omits the device, or no IOMMU covers it"
                : "move one of the two devices: devices behind a conventional PCI bridge have the same stream id, and this driver supports one device for each",
            [evidence, context.System.Iommu.GroupCount.ToEvidence(), .. streams]);
    }

    // The kernel's arm-smmu-v3.c, arm_smmu_insert_master: older and newer kernels.
    private static ValueList<Evidence> SharedStreams(Fact<KernelLog> log, PciDevice device) =>
    [
        .. (log.Value?.Containing($"{device.Address}: ") ?? [])
            .Where(line => line.Contains("already in tree from dev", StringComparison.Ordinal) || line.Contains("Aliasing StreamID", StringComparison.Ordinal))
            .Take(1)
            .Select(line => new Evidence(log.Source, line)),
    ];

    private static string? WithoutGraphics(ReadinessContext context, PciDevice device) =>
        device is { VendorId: 0x8086, ClassCode.IsDisplay: true, Address.Bus: 0 }
            ? context.System.Kernel.CommandLine.Value?.Effective(IommuParameters.Intel)
                .FirstOrDefault(parameter => parameter.Options.Any(option => option.StartsWith("igfx_off", StringComparison.Ordinal)))?.ToString()
            : null;
}
