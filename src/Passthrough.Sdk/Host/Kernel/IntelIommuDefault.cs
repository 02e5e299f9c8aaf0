namespace Passthrough.Sdk.Host.Kernel;

/// <summary>Whether a kernel switches Intel's IOMMU on where no parameter says so.</summary>
/// <remarks>
/// Source: drivers/iommu/intel/Kconfig: CONFIG_INTEL_IOMMU_DEFAULT_ON; and Debian's CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF,
/// which leaves out the unit of the integrated graphics only. The platform's wish (dmar_platform_optin) is not looked at.
/// </remarks>
internal static class IntelIommuDefault
{
    private const string On = "CONFIG_INTEL_IOMMU_DEFAULT_ON";
    private const string OnButForGraphics = "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF";

    /// <summary>The answer; not known where the configuration of the kernel is not.</summary>
    public static Fact<bool> Of(KernelInfo kernel) => kernel.Config switch
    {
        { IsKnown: true, Value: { } config } => Fact.Known(config.IsEnabled(On) || config.IsEnabled(OnButForGraphics), kernel.Config.Source),
        { IsAbsent: true } => Fact.Absent<bool>(kernel.Config.Source),
        _ => Fact.Unknown<bool>(kernel.Config.Source, kernel.Config.Reason ?? "not read"),
    };
}
