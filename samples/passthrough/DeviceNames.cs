using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli;

/// <summary>The names of a function as lspci would print them; null if the database has none.</summary>
internal static class DeviceNames
{
    public static string? Vendor(PciDevice device, PciIdDatabase names) =>
        device.VendorId is { } vendor ? names.FindVendor(vendor) : null;

    public static string? Device(PciDevice device, PciIdDatabase names) =>
        (device.VendorId, device.DeviceId) is ({ } vendor, { } id) ? names.FindDevice(vendor, id) : null;

    /// <summary>Returns the subclass (Ethernet controller), which is more specific than the base class (Network controller).</summary>
    public static string? Class(PciDevice device, PciIdDatabase names) =>
        device.ClassCode is { } code ? names.FindSubclass(code.BaseClass, code.Subclass) ?? names.FindClass(code.BaseClass) : null;

    /// <summary>Returns a line for people: <c>Ethernet controller: Intel Corporation 82574L Gigabit Network Connection</c>.</summary>
    public static string Describe(PciDevice device, PciIdDatabase names)
    {
        var kind = Class(device, names) ?? (device.ClassCode is { } code ? $"class {code}" : "unknown class");
        var vendor = Vendor(device, names) ?? (device.VendorId is { } id ? $"vendor {id:x4}" : "unknown vendor");
        var name = Device(device, names) ?? (device.DeviceId is { } model ? $"device {model:x4}" : "unknown device");
        return $"{kind}: {vendor} {name}";
    }

    /// <summary>Returns the ids, <c>8086:10d3</c>, with question marks for unknown ones, for example of a device that does not
    /// respond.</summary>
    public static string Ids(PciDevice device) =>
        $"{device.VendorId?.ToString("x4", CultureInfo.InvariantCulture) ?? "????"}:{device.DeviceId?.ToString("x4", CultureInfo.InvariantCulture) ?? "????"}";
}
