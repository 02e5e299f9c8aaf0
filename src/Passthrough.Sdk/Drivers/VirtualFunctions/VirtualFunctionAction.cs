namespace Passthrough.Sdk.Drivers;

/// <summary>What a step of a plan for virtual functions does: exactly one of the three.</summary>
internal sealed record VirtualFunctionAction
{
    /// <summary>The number of virtual functions to set.</summary>
    public int? Count { get; init; }

    /// <summary>Whether the host is to bind its drivers to virtual functions.</summary>
    public bool? Probes { get; init; }

    /// <summary>The setting to make.</summary>
    public VirtualFunctionSetting? Setting { get; init; }

    /// <summary>The value of the setting before; null if the plan creates the virtual function, or the driver does not report it.</summary>
    public string? Before { get; init; }
}
