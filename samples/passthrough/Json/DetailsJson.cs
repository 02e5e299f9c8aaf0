using System.Text.Json;
using Passthrough.Sdk.Pci.Configuration;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Cli.Json;

/// <summary>Writes what <c>show</c> prints about a function in addition to <c>list</c>.</summary>
internal static class DetailsJson
{
    public static void WriteProperties(Utf8JsonWriter json, PciDeviceDetails details)
    {
        WriteBars(json, details);
        if (details.ResetMethods is { } methods)
        {
            json.WriteStartArray("resetMethods");
            foreach (var method in methods)
            {
                json.WriteStringValue(method);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("resetMethods");
        }

        json.WriteString("vfioDevice", details.VfioDevice);
        WriteLink(json, details.Link);
        WriteCapabilities(json, details.Configuration);
    }

    private static void WriteBars(Utf8JsonWriter json, PciDeviceDetails details)
    {
        json.WriteStartArray("bars");
        foreach (var bar in details.Bars ?? [])
        {
            json.WriteStartObject();
            json.WriteNumber("index", bar.Index);
            json.WriteString("type", bar.Type switch { PciBarType.Io => "io", PciBarType.Rom => "rom", _ => "memory" });
            WriteNumberOrNull(json, "address", bar.Address);
            WriteNumberOrNull(json, "size", bar.Size);
            json.WriteBoolean("prefetchable", bar.IsPrefetchable);
            json.WriteNumber("width", bar.Width);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLink(Utf8JsonWriter json, PciLink? link)
    {
        if (link is null)
        {
            json.WriteNull("link");
            return;
        }

        json.WriteStartObject("link");
        WriteNumberOrNull(json, "currentSpeed", link.CurrentSpeed);
        json.WriteNumberOrNull("currentWidth", link.CurrentWidth);
        WriteNumberOrNull(json, "maxSpeed", link.MaxSpeed);
        json.WriteNumberOrNull("maxWidth", link.MaxWidth);
        json.WriteEndObject();
    }

    private static void WriteCapabilities(Utf8JsonWriter json, PciConfigurationSpace? space)
    {
        if (space is null)
        {
            json.WriteNull("capabilities");
            return;
        }

        json.WriteStartArray("capabilities");
        foreach (var capability in space.Capabilities)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", capability.Offset);
            json.WriteNumber("id", capability.Id);
            json.WriteBoolean("extended", capability.IsExtended);
            json.WriteString("name", capability.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
