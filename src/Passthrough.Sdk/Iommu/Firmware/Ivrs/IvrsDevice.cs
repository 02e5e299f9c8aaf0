using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Devices that an AMD-Vi unit serves: one, or a range.</summary>
/// <param name="First">The first device.</param>
/// <param name="Last">The last device; the same as <paramref name="First"/> for one.</param>
/// <param name="AliasOf">The requester under which their DMA arrives; null if it is their own.</param>
/// <param name="Special">The kind of device, if it is not a PCI function.</param>
/// <param name="Handle">The I/O APIC's or timer's id; 0 otherwise.</param>
/// <param name="Settings">The data byte: which system interrupts may pass (INIT, ExtInt, NMI, system management, LINT).</param>
/// <param name="HardwareId">The ACPI hardware id of a device that has no PCI address; null otherwise.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record IvrsDevice(
    PciAddress First,
    PciAddress Last,
    PciAddress? AliasOf,
    IvrsSpecialDevice Special,
    byte Handle,
    byte Settings,
    string? HardwareId);
