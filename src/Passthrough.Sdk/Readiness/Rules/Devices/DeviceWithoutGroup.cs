using Passthrough.Sdk.Facts;
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
                : FindingFactory.Of(
                    [device.Address],
                    FindingIds.IommuInactive,
                    FindingSeverity.Error,
                    $"{device.Address} is in no IOMMU group although the host has {context.System.Iommu.GroupCount.Value}, so it cannot be assigned to a guest",
                    "search the kernel log for DMAR, AMD-Vi or SMMU and this address: the firmware's table omits the device, or no IOMMU covers it",
                    evidence,
                    context.System.Iommu.GroupCount.ToEvidence());
        }
    }

    private static string? WithoutGraphics(ReadinessContext context, PciDevice device) =>
        device is { VendorId: 0x8086, ClassCode.IsDisplay: true, Address.Bus: 0 }
            ? context.System.Kernel.CommandLine.Value?.Effective(IommuParameters.Intel)
                .FirstOrDefault(parameter => parameter.Options.Any(option => option.StartsWith("igfx_off", StringComparison.Ordinal)))?.ToString()
            : null;
}
