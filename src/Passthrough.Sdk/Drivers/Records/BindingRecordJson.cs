using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Drivers.Records;

/// <summary>The JSON of the records, without reflection.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, // a second way to write the same, for speed, weighs more than it gains
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BindingRecord))]
internal sealed partial class BindingRecordJson : JsonSerializerContext;
