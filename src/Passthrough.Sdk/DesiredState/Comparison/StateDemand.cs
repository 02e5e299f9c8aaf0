using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.DesiredState;

/// <summary>What the host owes the state: one action, with what it is about.</summary>
/// <param name="Action">The action.</param>
internal sealed record StateDemand(StateAction Action)
{
    /// <summary>The function; null in demands that are not about one.</summary>
    public PciAddress? Device { get; init; }

    /// <summary>The driver of <see cref="StateAction.Bind"/> and <see cref="StateAction.Persist"/>.</summary>
    public string? Driver { get; init; }

    /// <summary>What is bound or returned together: an IOMMU group. Null for a function without one.</summary>
    public int? Group { get; init; }

    /// <summary>The virtual functions, whose physical function is <see cref="Device"/>.</summary>
    public VirtualFunctionState? Functions { get; init; }

    /// <summary>Whether the host binds its drivers to them at the next boot.</summary>
    public bool Probes { get; init; }

    public MediatedDeviceState? Mediated { get; init; }

    public ParameterState? Parameter { get; init; }
}
