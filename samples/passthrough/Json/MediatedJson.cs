using System.Text.Json;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Cli.Json;

/// <summary>Writes mediated devices as <c>passthrough mdev</c> prints them.</summary>
internal static class MediatedJson
{
    public static void WriteType(Utf8JsonWriter json, MediatedParent parent, MediatedDeviceType type)
    {
        json.WriteStartObject();
        json.WriteString("parent", parent.Name);
        json.WriteAddress("address", parent.Address);
        json.WriteString("driver", parent.Driver);
        json.WriteString("type", type.Id);
        json.WriteString("name", type.Name);
        json.WriteString("description", type.Description);
        json.WriteString("deviceApi", type.DeviceApi);
        json.WriteNumberOrNull("availableInstances", type.AvailableInstances);
        json.WriteStartArray("instances");
        foreach (var uuid in type.Instances)
        {
            json.WriteStringValue(uuid);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes a device that exists, one that is defined, or both.</summary>
    public static void WriteDevice(Utf8JsonWriter json, MediatedDevice? device, MediatedDefinition? definition, bool? exists)
    {
        json.WriteStartObject();
        json.WriteString("uuid", (device?.Uuid ?? definition!.Uuid).ToString("D"));
        json.WriteString("parent", device?.Parent ?? definition?.Parent);
        json.WriteString("type", device?.Type ?? definition?.Type);
        json.WriteBooleanOrNull("exists", exists);
        json.WriteString("driver", device?.Driver);
        json.WriteNumberOrNull("iommuGroup", device?.IommuGroupId);
        json.WriteString("start", definition is null ? null : Start(definition));
        json.WriteStartArray("attributes");
        foreach (var (name, value) in definition?.Attributes ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The word of mdevctl.</summary>
    public static string Start(MediatedDefinition definition) => definition.IsAutomatic ? "auto" : "manual";
}
