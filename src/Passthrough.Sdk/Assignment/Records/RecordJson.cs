using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Assignment.Records;

/// <summary>The JSON of the records, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AssignedRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
