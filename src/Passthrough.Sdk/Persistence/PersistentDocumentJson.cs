using System.Text.Json;
using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Persistence;

/// <summary>The JSON in the headers of rule files, without reflection; one line, without what is null.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PersistentDocument))]
internal sealed partial class PersistentDocumentJson : JsonSerializerContext
{
    public static PersistentDocumentJson OneLine { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });
}
