using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.DesiredState;

/// <summary>A change that a state needs and that cannot be planned yet, because something must be done before.</summary>
/// <param name="Description">What will be planned, and after what.</param>
/// <param name="Device">The device; null if it is not known, or if the change is not about one.</param>
/// <param name="AwaitsReboot">
/// Whether it waits for a reboot, after which the state is applied again. Otherwise it is planned as soon as the parts before it are applied.
/// </param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record StateDeferral(string Description, PciAddress? Device, bool AwaitsReboot = false)
{
    /// <summary>Returns the description.</summary>
    public override string ToString() => Description;
}
