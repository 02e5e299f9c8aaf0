using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>What libvirt knows a host device by.</summary>
internal readonly record struct DeviceIdentity(string Type, PciAddress Address, object? Source)
{
    /// <summary>The kind says little, and hashing text is slow.</summary>
    public override int GetHashCode() => HashCode.Combine(Address.Domain, Address.Bus, (Address.Slot << 3) | Address.Function, Source);
}
