using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu;

/// <summary>The IOMMU groups of a host in the order of their numbers, found by their numbers.</summary>
/// <remarks>There is no access by position, because an index would look like a group's number. Thread safety: immutable.</remarks>
public sealed class IommuGroupCollection : IReadOnlyCollection<IommuGroup>
{
    private readonly ValueList<IommuGroup> _groups;

    /// <summary>Creates the list of a host's groups, for tests and for other sources than a host's files.</summary>
    /// <param name="groups">The groups, in any order.</param>
    /// <exception cref="ArgumentException">Two groups have the same number.</exception>
    public IommuGroupCollection(IEnumerable<IommuGroup> groups)
        : this(Sorted.By(groups, group => group.Id), FactState.Known)
    {
    }

    internal IommuGroupCollection(ValueList<IommuGroup> sorted, FactState state)
    {
        _groups = sorted;
        State = state;
    }

    /// <summary>
    /// Gets whether the list is known. Absent if the kernel was built without IOMMU support, or runs where there is none.
    /// Known and empty if no IOMMU is active. Source: <c>/sys/kernel/iommu_groups</c>.
    /// </summary>
    public FactState State { get; }

    /// <summary>Gets the number of items.</summary>
    public int Count => _groups.Count;

    /// <summary>Gets a group by its number (<see cref="IommuGroup.Id"/>), not by its position in the order.</summary>
    /// <param name="id">The number, as in <see cref="Pci.PciDevice.IommuGroupId"/> and <c>/sys/kernel/iommu_groups</c>.</param>
    /// <exception cref="IommuGroupNotFoundException">The host has no group of this number.</exception>
    public IommuGroup this[int id] => TryGet(id, out var group) ? group : throw new IommuGroupNotFoundException(id, Describe());

    /// <summary>Finds a group by its number.</summary>
    /// <param name="id">The number.</param>
    /// <param name="group">The group; null if there is none.</param>
    /// <returns>Whether the host has it.</returns>
    public bool TryGet(int id, [NotNullWhen(true)] out IommuGroup? group) =>
        _groups.TryFind(id, static candidate => candidate.Id, out group);

    /// <summary>Enumerates the groups in order.</summary>
    public ValueList<IommuGroup>.Enumerator GetEnumerator() => _groups.GetEnumerator();

    IEnumerator<IommuGroup> IEnumerable<IommuGroup>.GetEnumerator() => ((IEnumerable<IommuGroup>)_groups).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_groups).GetEnumerator();

    private string Describe() => State switch
    {
        FactState.Absent => "it has no IOMMU groups at all (/sys/kernel/iommu_groups does not exist)",
        FactState.Unknown => "/sys/kernel/iommu_groups could not be read",
        _ => Count == 0 ? "no IOMMU is active" : $"it has {Count} others",
    };
}
