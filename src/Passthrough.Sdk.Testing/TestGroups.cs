namespace Passthrough.Sdk.Testing;

/// <summary>Numbers for the IOMMU groups that a description does not name.</summary>
/// <param name="named">The numbers that it names.</param>
internal sealed class TestGroups(IEnumerable<int> named)
{
    private readonly HashSet<int> _taken = [.. named];
    private int _last;

    /// <summary>Returns the lowest number that is not taken, from 1.</summary>
    public int Next()
    {
        while (!_taken.Add(++_last))
        {
        }

        return _last;
    }
}
