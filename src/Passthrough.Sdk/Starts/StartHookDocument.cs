using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Starts;

/// <summary>The options of a hook, as one line of JSON in its file.</summary>
internal sealed record StartHookDocument
{
    public required ImmutableArray<string> Command { get; init; }

    public bool AllowsOnFailure { get; init; }
}

/// <summary>Reads and writes <see cref="StartHookDocument"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(StartHookDocument))]
internal sealed partial class StartHookJson : JsonSerializerContext;
