using System.Text.Json;
using Passthrough.Sdk.Pci.Configuration;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Cli.Json;

/// <summary>What <c>show</c> prints of a function beyond what <c>list</c> does.</summary>
internal static class DetailsJson
{
    private const int RomIndex = 6;
    private const int RomWidth = 32;

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

        WriteLink(json, details.Link);
        WriteCapabilities(json, details.Configuration);
    }

    private static void WriteBars(Utf8JsonWriter json, PciDeviceDetails details)
    {
        json.WriteStartArray("bars");
        if (details.Bars is { } bars)
        {
            foreach (var bar in bars)
            {
                WriteBar(json, bar.Index, bar.Type, bar.Address, bar.Size, bar.IsPrefetchable, bar.Width);
            }
        }
        else
        {
            // A dump has the registers, and no sizes.
            foreach (var bar in details.Configuration?.Header?.Bars ?? [])
            {
                WriteBar(json, bar.Index, bar.IsIo ? PciBarType.Io : PciBarType.Memory, bar.IsAssigned ? bar.Address : null, null, bar.IsPrefetchable, bar.Width);
            }

            if (details.Configuration?.Header?.Rom is { } rom)
            {
                WriteBar(json, RomIndex, PciBarType.Rom, rom.Address, null, prefetchable: false, RomWidth);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteBar(Utf8JsonWriter json, int index, PciBarType type, ulong? address, ulong? size, bool prefetchable, int width)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteString("type", type switch { PciBarType.Io => "io", PciBarType.Rom => "rom", _ => "memory" });
        WriteNumberOrNull(json, "address", address);
        WriteNumberOrNull(json, "size", size);
        json.WriteBoolean("prefetchable", prefetchable);
        json.WriteNumber("width", width);
        json.WriteEndObject();
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
