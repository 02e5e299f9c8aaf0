namespace Passthrough.Sdk.Libvirt;

/// <summary>A device of the host appeared, disappeared or changed (<c>virsh nodedev-event --loop</c>).</summary>
/// <param name="Name">libvirt's name for the device, <c>pci_0000_01_00_0</c>.</param>
/// <param name="Change">The change.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtNodeDeviceEvent(string Name, NodeDeviceChange Change);
