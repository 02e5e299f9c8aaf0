using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>What a plan for a desired state leaves for later.</summary>
/// <param name="Description">What will be planned, and after what.</param>
/// <param name="Device">The device; null if it is not known.</param>
/// <param name="AwaitsReboot">Whether it waits for a reboot.</param>
internal sealed record PlanDocumentDeferral(string Description, PciAddress? Device, bool AwaitsReboot);
