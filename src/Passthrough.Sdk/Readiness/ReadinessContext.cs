namespace Passthrough.Sdk.Readiness;

/// <summary>The facts a rule may look at.</summary>
/// <param name="Guest">The kind of guest that is to own a device.</param>
internal sealed record ReadinessContext(GuestKind Guest);
