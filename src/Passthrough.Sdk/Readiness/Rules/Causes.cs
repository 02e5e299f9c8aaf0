using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Findings that explain others, as several rules name them.</summary>
internal static class Causes
{
    /// <summary>Why there is no IOMMU group.</summary>
    public static ImmutableArray<string> OfNoGroups { get; } =
    [
        FindingIds.IommuFirmwareTableMissing, FindingIds.IommuRebootPending, FindingIds.IommuDisabledByKernelParameter,
        FindingIds.IommuNotEnabledByKernel, FindingIds.IommuParameterForOtherVendor,
    ];

    /// <summary>The IOMMU is not at work, whatever the reason: nothing would use VFIO yet.</summary>
    public static ImmutableArray<string> OfNoIommu { get; } = [.. OfNoGroups, FindingIds.IommuInactive];

    /// <summary>vfio-pci cannot be loaded.</summary>
    public static ImmutableArray<string> OfNoModule { get; } = [FindingIds.VfioModuleBlacklisted, FindingIds.VfioModuleUnavailable];
}
