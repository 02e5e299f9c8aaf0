using System.Text.Json;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli.Json;

/// <summary>Writes the JSON on which scripts rely: camelCase, null for unknown or absent values, addresses with their PCI domain.</summary>
internal static partial class JsonOut
{
    public static void WriteAddress(this Utf8JsonWriter json, string name, PciAddress? address)
    {
        if (address is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        json.WritePropertyName(name);
        json.WriteAddressValue(known);
    }

    public static void WriteAddressValue(this Utf8JsonWriter json, PciAddress address)
    {
        Span<char> text = stackalloc char[24];
        address.TryFormat(text, out var length);
        json.WriteStringValue(text[..length]);
    }

    public static void WriteAddresses(this Utf8JsonWriter json, string name, IEnumerable<PciAddress> addresses)
    {
        json.WriteStartArray(name);
        foreach (var address in addresses)
        {
            json.WriteAddressValue(address);
        }

        json.WriteEndArray();
    }

    public static void WriteHex(this Utf8JsonWriter json, string name, uint? value, int digits)
    {
        if (value is not { } known)
        {
            json.WriteNull(name);
            return;
        }

        Span<char> text = stackalloc char[8];
        known.TryFormat(text, out var length, digits == 2 ? "x2" : digits == 4 ? "x4" : "x6");
        json.WriteString(name, text[..length]);
    }

    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, int? value)
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

    public static void WriteBooleanOrNull(this Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes findings as doctor, explain, show and groups print them; a consequence follows its cause.</summary>
    public static void WriteFindings(this Utf8JsonWriter json, IEnumerable<Finding> findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings.SelectMany(finding => finding.Consequences.Prepend(finding)))
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Id);
            json.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
            json.WriteString("title", finding.Title);
            json.WriteStartArray("evidence");
            foreach (var evidence in finding.Evidence)
            {
                json.WriteStartObject();
                json.WriteString("source", evidence.Source);
                json.WriteString("value", evidence.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("remedy", finding.Remedy);
            json.WriteStartArray("devices");
            foreach (var device in finding.Devices)
            {
                json.WriteStringValue(device.ToString());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
