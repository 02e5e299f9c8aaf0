using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Iommu;

/// <summary>The kernel's handling of Intel's IOMMU: its default, and the words of intel_iommu= that it knows.</summary>
/// <remarks>
/// Source: intel_iommu_setup in drivers/iommu/intel/iommu.c; drivers/iommu/intel/Kconfig: CONFIG_INTEL_IOMMU_DEFAULT_ON; and Debian's CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF,
/// which leaves out the unit of the integrated graphics only. The platform's wish (dmar_platform_optin) is not looked at.
/// </remarks>
internal static class IntelIommu
{
    /// <summary>The setting that a kernel with the IOMMU on by default was built with.</summary>
    public const string DefaultOn = "CONFIG_INTEL_IOMMU_DEFAULT_ON";

    private const string OnButForGraphics = "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF";

    // Compared by prefix; of Linux 2.6 to 6.12, and Debian's intgpu_off.
    private static readonly string[] Words =
        ["on", "off", "igfx_off", "forcedac", "strict", "sp_off", "sm_on", "sm_off", "tboot_noforce", "intgpu_off", "eth_no_off"];

    /// <summary>Whether the kernel knows a word of <c>intel_iommu=</c>. What it does not know it passes over, with a line in its log.</summary>
    public static bool Knows(string word) => Words.Any(known => word.StartsWith(known, StringComparison.Ordinal));

    /// <summary>Whether the IOMMU is on where no parameter says so; not known where the configuration of the kernel is not.</summary>
    public static Fact<bool> IsOnByDefault(KernelInfo kernel) => kernel.Config switch
    {
        { IsKnown: true, Value: { } config } => Fact.Known(config.IsEnabled(DefaultOn) || config.IsEnabled(OnButForGraphics), kernel.Config.Source),
        { IsAbsent: true } => Fact.Absent<bool>(kernel.Config.Source),
        _ => Fact.Unknown<bool>(kernel.Config.Source, kernel.Config.Reason ?? "not read"),
    };
}
