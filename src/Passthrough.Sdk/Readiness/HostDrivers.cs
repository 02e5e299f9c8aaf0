using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness;

/// <summary>Knows which drivers VFIO counts as a use of a device by the host.</summary>
/// <remarks>Source: the kernel's drivers/vfio and drivers/iommu: the drivers that do not claim DMA for the host.</remarks>
internal static class HostDrivers
{
    /// <summary>Returns whether the function can never be assigned: its configuration header is that of a bridge.</summary>
    public static bool IsBridge(PciDevice device) => device.ClassCode is { } code && (code.IsPciBridge || code.IsHostBridge || code.Value >> 8 == 0x0607);

    /// <summary>Returns whether the host uses the function, so that VFIO refuses to assign its group.</summary>
    public static bool IsInUseByHost(PciDevice device) => IsInUseByHost(device.Driver);

    /// <summary>Returns whether the host uses a function that is bound to a driver (null: to none), so that VFIO refuses to assign its group.</summary>
    public static bool IsInUseByHost(string? driver) => driver is not null && !IsReserved(driver) && !IsPortDriver(driver);

    /// <summary>Returns whether a driver keeps functions from the host's own drivers: one for guests, or pci-stub, which does nothing.</summary>
    public static bool IsReserved(string? driver) => IsForGuests(driver) || driver == "pci-stub";

    /// <summary>Returns whether a driver passes functions to guests: vfio-pci, its variants (mlx5_vfio_pci), Xen's pciback.</summary>
    public static bool IsForGuests(string? driver) =>
        driver is not null && (driver.Contains("vfio", StringComparison.Ordinal) || IsPciback(driver));

    /// <summary>Returns whether a driver is Xen's for guests.</summary>
    public static bool IsPciback(string? driver) => driver is "pciback" or "xen-pciback";

    private static bool IsPortDriver(string driver) => driver is "pcieport" or "shpchp";
}
