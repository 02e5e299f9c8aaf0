using System.Text.Json;
using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Pci;

/// <summary>An address in JSON is its text, with the domain.</summary>
internal sealed class PciAddressJsonConverter : JsonConverter<PciAddress>
{
    public override PciAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PciAddress.TryParse(reader.GetString(), out var address)
            ? address
            : throw new JsonException($"'{reader.GetString()}' is not a PCI address");

    public override void Write(Utf8JsonWriter writer, PciAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
