using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness;

/// <summary>Which drivers VFIO takes for the host's own use of a device.</summary>
/// <remarks>Source: the kernel's drivers/vfio and drivers/iommu: the drivers that do not claim DMA for the host.</remarks>
internal static class HostDrivers
{
    /// <summary>Whether the function can never be given away: its configuration header is a bridge's.</summary>
    public static bool IsBridge(PciDevice device) => device.ClassCode is { } code && (code.IsPciBridge || code.IsHostBridge || code.Value >> 8 == 0x0607);

    /// <summary>Whether the host uses the function, so that VFIO will not give its group away.</summary>
    public static bool IsInUseByHost(PciDevice device) =>
        device.Driver is { } driver && !IsForGuests(driver) && driver != "pci-stub" && !IsPortDriver(driver);

    /// <summary>Whether a driver hands functions to guests: vfio-pci, its variants (mlx5_vfio_pci), Xen's pciback.</summary>
    public static bool IsForGuests(string? driver) =>
        driver is not null && (driver.Contains("vfio", StringComparison.Ordinal) || driver is "pciback" or "xen-pciback");

    private static bool IsPortDriver(string driver) => driver is "pcieport" or "shpchp";
}
