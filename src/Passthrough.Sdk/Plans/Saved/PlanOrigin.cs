namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The origin of a plan: the parts of its JSON that it does not show.</summary>
/// <param name="Host">The host.</param>
/// <param name="Options">The options for applying the plan.</param>
internal sealed record PlanOrigin(PlanDocumentHost Host, PlanOptions Options)
{
    /// <summary>The origin of a plan that no host made.</summary>
    public static PlanOrigin Unknown { get; } = new(PlanDocumentHost.Unknown, new());
}
