namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>
/// Compares identities. The comparer that .NET would make for the type costs the first read of a process more than the read, and
/// <see cref="EqualityComparer{T}.Create"/>, used once, gives every type that is compared anywhere two more types in a native program.
/// </summary>
internal sealed class DeviceIdentityComparer : IEqualityComparer<DeviceIdentity>
{
    public bool Equals(DeviceIdentity? x, DeviceIdentity? y) => ReferenceEquals(x, y) || (x is not null && x.Equals(y));

    public int GetHashCode(DeviceIdentity obj) => obj.GetHashCode();
}
