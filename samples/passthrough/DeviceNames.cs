using Passthrough.Sdk.Pci;

namespace Passthrough.Cli;

/// <summary>The names of a function, as lspci would print them; null where the database has none.</summary>
internal static class DeviceNames
{
    public static string? Vendor(PciDevice device, PciIdDatabase names) =>
        device.VendorId is { } vendor ? names.FindVendor(vendor) : null;

    public static string? Device(PciDevice device, PciIdDatabase names) =>
        (device.VendorId, device.DeviceId) is ({ } vendor, { } id) ? names.FindDevice(vendor, id) : null;

    /// <summary>The subclass says more (Ethernet controller) than the base class (Network controller).</summary>
    public static string? Class(PciDevice device, PciIdDatabase names) =>
        device.ClassCode is { } code ? names.FindSubclass(code.BaseClass, code.Subclass) ?? names.FindClass(code.BaseClass) : null;

    /// <summary>A line for people: <c>Ethernet controller: Intel Corporation 82574L Gigabit Network Connection</c>.</summary>
    public static string Describe(PciDevice device, PciIdDatabase names) =>
        $"{Class(device, names) ?? $"class {device.ClassCode?.ToString() ?? "?"}"}: "
        + $"{Vendor(device, names) ?? $"vendor {device.VendorId:x4}"} {Device(device, names) ?? $"device {device.DeviceId:x4}"}";
}
