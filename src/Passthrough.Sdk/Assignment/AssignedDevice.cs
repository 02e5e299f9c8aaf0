using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>A device of a plan, as it was when the plan was made.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Driver">The host driver it was bound to; null when it had none.</param>
/// <param name="DeviceXml">The <c>&lt;hostdev&gt;</c> element that stands for it in the domain.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record AssignedDevice(PciAddress Address, string? Driver, string DeviceXml);
