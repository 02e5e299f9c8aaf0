using System.Collections.ObjectModel;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>The uses of the PCI functions of a host.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostUsage
{
    private readonly IReadOnlyDictionary<PciAddress, DeviceUsage> _devices;
    private readonly DeviceUsage _unused;

    /// <summary>Usage of which nothing was read: all of it is unknown.</summary>
    internal HostUsage()
        : this(ReadOnlyDictionary<PciAddress, DeviceUsage>.Empty, new DeviceUsage())
    {
    }

    internal HostUsage(IReadOnlyDictionary<PciAddress, DeviceUsage> devices, DeviceUsage unused)
    {
        _devices = devices;
        _unused = unused;
    }

    /// <summary>Gets the functions that are in use.</summary>
    public ValueList<PciAddress> Addresses => [.. _devices.Keys.Order()];

    /// <summary>
    /// Gets the processes that have a node open whose device no longer exists. When a driver is unbound, it first removes its nodes,
    /// and some drivers then wait until the last user has closed its node. Only the name of the node shows which device it belonged to
    /// (<c>/dev/snd/controlC0 (deleted)</c>). Unknown as <see cref="DeviceUsage.OpenHandles"/> is. Source: /proc/PID/fd.
    /// </summary>
    public Fact<ValueList<OpenHandle>> OrphanedHandles { get; init; }

    /// <summary>
    /// Gets the number of network namespaces other than that of the reader. Known only if each of them was read:
    /// otherwise an interface that was moved to another one, or an interface that is built on it there, may be missing in
    /// <see cref="DeviceUsage.NetworkInterfaces"/>. Sources: /proc/PID/ns/net, /proc/self/mountinfo.
    /// </summary>
    public Fact<int> NetworkNamespaces { get; init; }

    /// <summary>
    /// Gets the mount namespaces without a process, with the file that keeps each of them: <c>mnt:[4026532311] (/run/ns/a)</c>. What is mounted
    /// there cannot be listed. Only files that are mounted, and with <see cref="CaptureOptions.OpenHandles"/> descriptors, are found.
    /// Source: the entries of kind nsfs in /proc/PID/mountinfo, /proc/PID/fd.
    /// </summary>
    public ValueList<string> UnseenMountNamespaces { get; init; } = [];

    /// <summary>
    /// Gets the keyboards of the host's console that are connected to no PCI function, such as a PS/2 keyboard: <c>AT Translated Set 2 keyboard (input0)</c>. Source:
    /// /proc/bus/input/devices.
    /// </summary>
    public Fact<ValueList<string>> OtherKeyboards { get; init; }

    /// <summary>Gets the uses of a function; if it is not in use, the lists are known and empty.</summary>
    /// <param name="address">The function.</param>
    public DeviceUsage this[PciAddress address] => _devices.GetValueOrDefault(address, _unused);
}
