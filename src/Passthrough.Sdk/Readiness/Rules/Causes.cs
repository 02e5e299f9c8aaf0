using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Groups of findings that several rules name as causes of their own.</summary>
internal static class Causes
{
    /// <summary>The causes of missing IOMMU groups.</summary>
    public static ValueList<string> OfNoGroups { get; } =
    [
        FindingIds.IommuFirmwareTableMissing, FindingIds.IommuRebootPending, FindingIds.IommuDisabledByKernelParameter,
        FindingIds.IommuNotEnabledByKernel, FindingIds.IommuParameterForOtherVendor,
    ];

    /// <summary>The findings that say that the IOMMU is not in use, for whatever reason: nothing would use VFIO yet.</summary>
    public static ValueList<string> OfNoIommu { get; } = [.. OfNoGroups, FindingIds.IommuInactive];

    /// <summary>The findings that say that vfio-pci cannot be loaded.</summary>
    public static ValueList<string> OfNoModule { get; } = [FindingIds.VfioModuleBlacklisted, FindingIds.VfioModuleUnavailable];
}
