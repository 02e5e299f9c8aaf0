using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu;

/// <summary>The IOMMU groups of a host in the order of their numbers.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class IommuGroupCollection : IReadOnlyList<IommuGroup>
{
    private readonly ImmutableArray<IommuGroup> _groups;

    internal IommuGroupCollection(ImmutableArray<IommuGroup> sorted, FactState state)
    {
        _groups = sorted;
        State = state;
    }

    /// <summary>
    /// Whether the list is known. Absent: the kernel was built without IOMMU support, or runs where there is none.
    /// Known and empty: no IOMMU is active. Source: <c>/sys/kernel/iommu_groups</c>.
    /// </summary>
    public FactState State { get; }

    /// <summary>How many there are.</summary>
    public int Count => _groups.Length;

    /// <summary>A group by its place in the list, which is not its number; see <see cref="TryGet"/>.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such place.</exception>
    public IommuGroup this[int index] => _groups[index];

    /// <summary>Looks a group up by its number.</summary>
    /// <param name="id">The number.</param>
    /// <param name="group">The group; null when there is none.</param>
    /// <returns>Whether the host has it.</returns>
    public bool TryGet(int id, [NotNullWhen(true)] out IommuGroup? group)
    {
        int low = 0, high = _groups.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_groups[middle].Id == id)
            {
                group = _groups[middle];
                return true;
            }

            (low, high) = _groups[middle].Id < id ? (middle + 1, high) : (low, middle - 1);
        }

        group = null;
        return false;
    }

    /// <summary>Goes through the groups in order.</summary>
    public ImmutableArray<IommuGroup>.Enumerator GetEnumerator() => _groups.GetEnumerator();

    IEnumerator<IommuGroup> IEnumerable<IommuGroup>.GetEnumerator() => ((IEnumerable<IommuGroup>)_groups).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_groups).GetEnumerator();
}
