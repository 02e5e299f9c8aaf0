using System.Text.Json;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Json;

/// <summary>Writes a function as <c>list</c> prints it; the output of <c>show</c> begins with the same properties.</summary>
internal static class DeviceJson
{
    public static void WriteProperties(Utf8JsonWriter json, PciDevice device, PciIdDatabase names)
    {
        json.WriteAddress("address", device.Address);
        json.WriteHex("classCode", device.ClassCode?.Value, 6);
        json.WriteHex("vendorId", device.VendorId, 4);
        json.WriteHex("deviceId", device.DeviceId, 4);
        json.WriteHex("subsystemVendorId", device.SubsystemVendorId, 4);
        json.WriteHex("subsystemDeviceId", device.SubsystemDeviceId, 4);
        json.WriteHex("revision", device.Revision, 2);
        json.WriteString("vendorName", DeviceNames.Vendor(device, names));
        json.WriteString("deviceName", DeviceNames.Device(device, names));
        json.WriteString("className", DeviceNames.Class(device, names));
        json.WriteString("driver", device.Driver);
        json.WriteNumberOrNull("iommuGroup", device.IommuGroupId);
        json.WriteNumberOrNull("numaNode", device.NumaNode);
        json.WriteAddress("physicalFunction", device.PhysicalFunction);
        json.WriteAddresses("virtualFunctions", device.VirtualFunctions);
    }
}
