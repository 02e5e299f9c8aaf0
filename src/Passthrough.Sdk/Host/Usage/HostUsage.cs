using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>What the host does with its PCI functions.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostUsage
{
    private readonly ImmutableDictionary<PciAddress, DeviceUsage> _devices;
    private readonly DeviceUsage _unused;

    /// <summary>Usage of which nothing was read: all of it is unknown.</summary>
    internal HostUsage()
        : this(ImmutableDictionary<PciAddress, DeviceUsage>.Empty, new DeviceUsage())
    {
    }

    internal HostUsage(ImmutableDictionary<PciAddress, DeviceUsage> devices, DeviceUsage unused)
    {
        _devices = devices;
        _unused = unused;
    }

    /// <summary>The functions on which something hangs.</summary>
    public IEnumerable<PciAddress> Addresses => _devices.Keys.Order();

    /// <summary>What hangs on a function; for one on which nothing does, lists that are known to be empty.</summary>
    /// <param name="address">The function.</param>
    public DeviceUsage this[PciAddress address] => _devices.GetValueOrDefault(address, _unused);
}
