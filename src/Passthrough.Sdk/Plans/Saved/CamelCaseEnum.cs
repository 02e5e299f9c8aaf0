using System.Text.Json;
using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>Writes an enum's name in camel case, and reads it; a number is not accepted.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
