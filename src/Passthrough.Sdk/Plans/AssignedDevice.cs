using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans;

/// <summary>A device of a plan, as it was when the plan was made.</summary>
/// <param name="Address">The device's address.</param>
/// <param name="Driver">The host driver that it was bound to; null if it had none.</param>
/// <param name="DeviceXml">The device's <c>&lt;hostdev&gt;</c> element in the domain's definition.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record AssignedDevice(PciAddress Address, string? Driver, string DeviceXml)
{
    /// <summary>Gets the content of its <c>driver_override</c> before the plan's first step; null if it was empty, and in a plan that has not been applied.</summary>
    public string? DriverOverride { get; init; }

    /// <summary>Gets the element with which the running guest gets the device, if it differs from <see cref="DeviceXml"/>; null if it does not.</summary>
    public string? LiveXml { get; init; }

    /// <summary>The element with which the running guest gets the device.</summary>
    internal string ElementInGuest => LiveXml ?? DeviceXml;

    /// <summary>
    /// Gets the binding that a release restores: the device's state before it was assigned, as the assignment recorded it. Null if
    /// nothing is recorded, and for an assignment.
    /// </summary>
    public HostBinding? ReturnTo { get; init; }
}
