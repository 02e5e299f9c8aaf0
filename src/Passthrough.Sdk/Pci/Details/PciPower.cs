namespace Passthrough.Sdk.Pci.Details;

/// <summary>Sleep and wake of a function. Null: the kernel does not say.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciPower
{
    /// <summary><c>D0</c> awake, <c>D3hot</c>, <c>D3cold</c> without power, <c>unknown</c>, <c>error</c>. Source: <c>power_state</c>.</summary>
    public string? State { get; init; }

    /// <summary><c>active</c>, <c>suspended</c>, <c>suspending</c>, <c>resuming</c>, <c>error</c>, <c>unsupported</c>. Source: <c>power/runtime_status</c>.</summary>
    public string? RuntimeStatus { get; init; }

    /// <summary><c>auto</c>: it may sleep while it is not used; <c>on</c>: it may not. Source: <c>power/control</c>.</summary>
    public string? Control { get; init; }

    /// <summary>Whether its power may be taken away altogether. Source: <c>d3cold_allowed</c>.</summary>
    public bool? IsD3ColdAllowed { get; init; }
}
