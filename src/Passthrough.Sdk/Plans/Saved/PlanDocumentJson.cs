using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The JSON of plans, without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PlanDocument))]
internal sealed partial class PlanDocumentJson : JsonSerializerContext
{
    /// <summary>The format in which the command line prints JSON: camel case, indented, null for absent values.</summary>
    public static PlanDocumentJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new CamelCaseEnum<PlanKind>(), new CamelCaseEnum<PlanStepKind>(), new CamelCaseEnum<FindingSeverity>() },
    });
}
