using System.Text.Json.Serialization;

namespace Passthrough.Sdk.BootChanges.History;

/// <summary>The history's JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, // a second way to write the same, for speed, weighs more than it gains
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BootHistoryEntry))]
internal sealed partial class BootHistoryJson : JsonSerializerContext;
