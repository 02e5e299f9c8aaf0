
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans;

/// <summary>A device of a plan, as it was when the plan was made.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Driver">The host driver it was bound to; null when it had none.</param>
/// <param name="DeviceXml">The <c>&lt;hostdev&gt;</c> element that stands for it in the domain.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record AssignedDevice(PciAddress Address, string? Driver, string DeviceXml)
{
    /// <summary>What its <c>driver_override</c> held before the plan's first step; null where it held nothing, and in a plan that is not applied yet.</summary>
    public string? DriverOverride { get; init; }

    /// <summary>
    /// What a release is to bring it back to: its state before it was assigned, as the assignment recorded it. Null where
    /// nothing is recorded, and for an assignment.
    /// </summary>
    public HostBinding? ReturnTo { get; init; }
}
