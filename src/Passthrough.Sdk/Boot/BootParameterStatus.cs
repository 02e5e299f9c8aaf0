namespace Passthrough.Sdk.Boot;

/// <summary>A parameter and its state.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="State">Where it stands.</param>
public sealed record BootParameterStatus(BootParameter Parameter, BootParameterState State);
