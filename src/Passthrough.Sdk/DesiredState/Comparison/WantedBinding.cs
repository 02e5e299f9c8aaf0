using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.DesiredState;

/// <summary>The driver that a function should have.</summary>
/// <param name="Address">The function.</param>
/// <param name="Device">Its facts; null if it does not exist.</param>
/// <param name="Driver">The driver; null if the function should not be kept for guests.</param>
/// <param name="Scope">When.</param>
internal sealed record WantedBinding(PciAddress Address, PciDevice? Device, string? Driver, StateScope Scope)
{
    public bool IsNow => Scope != StateScope.AtBoot;

    public bool IsAtBoot => Scope != StateScope.Now;
}
