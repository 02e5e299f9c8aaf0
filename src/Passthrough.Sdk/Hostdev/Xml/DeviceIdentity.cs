using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The properties by which libvirt identifies a host device.</summary>
internal sealed record DeviceIdentity(string Type, PciAddress Address, object? Source)
{
    /// <summary>Compares identities; the comparer that .NET would make for the type costs the first read of a process more than the read.</summary>
    public static readonly IEqualityComparer<DeviceIdentity> Comparer = EqualityComparer<DeviceIdentity>.Create(
        static (a, b) => ReferenceEquals(a, b) || (a is not null && a.Equals(b)), static identity => identity.GetHashCode());

    public bool Equals(DeviceIdentity? other) =>
        other is not null && Address.SortKey == other.Address.SortKey && Type == other.Type && Equals(Source, other.Source);

    /// <summary>The kind says little, and hashing text is slow.</summary>
    public override int GetHashCode() => NumberSet.Scatter(Address.SortKey) ^ (Source?.GetHashCode() ?? 0);
}
