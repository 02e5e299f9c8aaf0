using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci;

/// <summary>The PCI functions of a host in the order of their addresses.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class PciDeviceCollection : IReadOnlyList<PciDevice>
{
    private readonly ValueList<PciDevice> _devices;

    /// <summary>Creates the list of a host's functions, for tests and for other sources than a host's files.</summary>
    /// <param name="devices">The functions, in any order.</param>
    /// <exception cref="ArgumentException">Two functions have the same address.</exception>
    public PciDeviceCollection(IEnumerable<PciDevice> devices)
        : this(Sorted.By(devices, device => device.Address), FactState.Known)
    {
    }

    internal PciDeviceCollection(ValueList<PciDevice> sorted, FactState state)
    {
        _devices = sorted;
        State = state;
    }

    /// <summary>
    /// Gets whether the list is known; absent if the host has no PCI bus, unknown if the bus could not be read. Source:
    /// <c>/sys/bus/pci/devices</c>.
    /// </summary>
    public FactState State { get; }

    /// <summary>Gets the number of items.</summary>
    public int Count => _devices.Count;

    /// <summary>Gets a function by its index in the list.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public PciDevice this[int index] => _devices[index];

    /// <summary>Gets a function by its address.</summary>
    /// <param name="address">The address.</param>
    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    public PciDevice this[PciAddress address] =>
        TryGet(address, out var device) ? device : throw new DeviceNotFoundException(address, Describe(address));

    /// <summary>Finds a function by its address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="device">The function; null if the host has none there.</param>
    /// <returns>Whether the host has it.</returns>
    public bool TryGet(PciAddress address, [NotNullWhen(true)] out PciDevice? device) =>
        _devices.TryFind(address, static candidate => candidate.Address, out device);

    /// <summary>Enumerates the functions in order.</summary>
    public ValueList<PciDevice>.Enumerator GetEnumerator() => _devices.GetEnumerator();

    IEnumerator<PciDevice> IEnumerable<PciDevice>.GetEnumerator() => ((IEnumerable<PciDevice>)_devices).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_devices).GetEnumerator();

    private string Describe(PciAddress address)
    {
        if (State != FactState.Known)
        {
            return State == FactState.Absent ? "it has no PCI bus (/sys/bus/pci/devices does not exist)" : "/sys/bus/pci/devices could not be read";
        }

        foreach (var device in _devices)
        {
            if (device.Address.IsSameSlot(address))
            {
                return $"but its slot has {device.Address}";
            }
        }

        return $"it has {Count} others";
    }
}
