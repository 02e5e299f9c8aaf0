using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
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

    /// <summary>
    /// The processes that have a node open which no device has any more: a driver that is told to let go takes its nodes away
    /// first and then, some of them, waits until the last user has closed his. Whose it was only its name says
    /// (<c>/dev/snd/controlC0 (deleted)</c>). Unknown as <see cref="DeviceUsage.OpenHandles"/> is. Source: /proc/PID/fd.
    /// </summary>
    public Fact<ImmutableArray<OpenHandle>> OrphanedHandles { get; internal init; }

    /// <summary>
    /// How many network namespaces the host has beside the one of whoever read it. Known only if every one of them was looked at:
    /// otherwise an interface that was moved to another one, or what stands on one from there, may be missing in
    /// <see cref="DeviceUsage.NetworkInterfaces"/>. Sources: /proc/PID/ns/net, /proc/self/mountinfo.
    /// </summary>
    public Fact<int> NetworkNamespaces { get; internal init; }

    /// <summary>
    /// The mount namespaces in which no process is, with what keeps each alive: <c>mnt:[4026532311] (/run/ns/a)</c>. What is mounted
    /// there cannot be listed. Only files that are mounted, and with <see cref="CaptureOptions.OpenHandles"/> descriptors, are found.
    /// Source: the entries of kind nsfs in /proc/PID/mountinfo, /proc/PID/fd.
    /// </summary>
    public ImmutableArray<string> UnseenMountNamespaces { get; internal init; } = [];

    /// <summary>What hangs on a function; for one on which nothing does, lists that are known to be empty.</summary>
    /// <param name="address">The function.</param>
    public DeviceUsage this[PciAddress address] => _devices.GetValueOrDefault(address, _unused);
}
