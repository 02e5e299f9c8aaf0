using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The request of a plan for devices, as far as the devices do not say it.</summary>
internal sealed record PlanDocumentRequest
{
    /// <summary>The driver that was named; null if the library chooses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Driver { get; init; }

    /// <summary>The reset method that was named; null for the kernel's order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResetMethod { get; init; }
}
