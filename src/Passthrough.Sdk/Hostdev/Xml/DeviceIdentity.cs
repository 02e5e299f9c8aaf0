using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The properties by which libvirt identifies a host device.</summary>
internal sealed record DeviceIdentity(string Type, PciAddress Address, object? Source)
{
    /// <summary>Compares identities.</summary>
    public static readonly IEqualityComparer<DeviceIdentity> Comparer = new DeviceIdentityComparer();

    public bool Equals(DeviceIdentity? other) =>
        other is not null && Address.SortKey == other.Address.SortKey && Type == other.Type && Equals(Source, other.Source);

    /// <summary>The kind says little, and hashing text is slow.</summary>
    public override int GetHashCode() => NumberSet.Scatter(Address.SortKey) ^ (Source?.GetHashCode() ?? 0);
}
