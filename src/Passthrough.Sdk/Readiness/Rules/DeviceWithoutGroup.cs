using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The IOMMU is at work, and not for this device: it is in no group, as the integrated graphics with <c>intel_iommu=igfx_off</c>.</summary>
internal sealed class DeviceWithoutGroup : IReadinessRule
{
    private const int Display = 3;

    /// <summary>What it says is described where the whole host lacks the same.</summary>
    public ImmutableArray<FindingDescription> Describes => [];

    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.DeviceIsBridge, FindingIds.DeviceUnresponsive];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (!context.NeedsVfio || context.IsDom0 || context.System.Iommu.GroupCount is not { IsKnown: true, Value: > 0 } || context.Snapshot.IommuGroups.Count == 0)
        {
            yield break;
        }

        foreach (var device in context.Devices.Where(device => device.IommuGroup is null))
        {
            var evidence = new Evidence($"/sys/bus/pci/devices/{device.Address}/iommu_group", "absent");
            yield return WithoutGraphics(context, device) is { } parameter
                ? FindingFactory.Of(
                    FindingIds.IommuDisabledByKernelParameter,
                    FindingSeverity.Error,
                    $"the kernel parameter {parameter} leaves the integrated graphics {device.Address} without the IOMMU",
                    BootWords.Remove(context.System.Boot, parameter),
                    evidence,
                    new Evidence(context.System.Kernel.CommandLine.Source, parameter))
                : FindingFactory.Of(
                    FindingIds.IommuInactive,
                    FindingSeverity.Error,
                    $"{device.Address} is in no IOMMU group though the host has {context.System.Iommu.GroupCount.Value}, so that it cannot be given away",
                    "look at the kernel log for DMAR, AMD-Vi or SMMU and this address: the firmware's table leaves the device out, or no IOMMU stands before it",
                    evidence,
                    context.System.Iommu.GroupCount.ToEvidence());
        }
    }

    private static string? WithoutGraphics(ReadinessContext context, PciDevice device) =>
        device is { VendorId: 0x8086, ClassCode.BaseClass: Display, Address.Bus: 0 }
            ? context.System.Kernel.CommandLine.Value?.All(IommuParameters.Intel)
                .FirstOrDefault(parameter => parameter.Options.Any(option => option.StartsWith("igfx_off", StringComparison.Ordinal)))?.ToString()
            : null;
}
