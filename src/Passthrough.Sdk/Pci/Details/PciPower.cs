namespace Passthrough.Sdk.Pci.Details;

/// <summary>The power state and settings of a function. A value is null if the kernel does not report it.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciPower
{
    /// <summary>Gets the power state: <c>D0</c> (awake), <c>D3hot</c>, <c>D3cold</c> without power, <c>unknown</c>, <c>error</c>. Source: <c>power_state</c>.</summary>
    public string? State { get; init; }

    /// <summary>Gets the runtime state: <c>active</c>, <c>suspended</c>, <c>suspending</c>, <c>resuming</c>, <c>error</c>, <c>unsupported</c>. Source: <c>power/runtime_status</c>.</summary>
    public string? RuntimeStatus { get; init; }

    /// <summary>Gets the setting: <c>auto</c> if it may sleep while it is not used, <c>on</c> if it must stay awake. Source: <c>power/control</c>.</summary>
    public string? Control { get; init; }

    /// <summary>Gets whether its power may be removed completely. Source: <c>d3cold_allowed</c>.</summary>
    public bool? IsD3ColdAllowed { get; init; }
}
