using System.Diagnostics.CodeAnalysis;

namespace Passthrough.Sdk.Facts;

/// <summary>Finds items in lists that are sorted by a key.</summary>
internal static class Sorted
{
    /// <summary>Sorts items by a key that each has for itself.</summary>
    /// <param name="items">The items, in any order.</param>
    /// <param name="keyOf">Returns an item's key.</param>
    /// <exception cref="ArgumentException">Two items have the same key.</exception>
    public static ValueList<TItem> By<TItem, TKey>(IEnumerable<TItem> items, Func<TItem, TKey> keyOf)
    {
        ArgumentNullException.ThrowIfNull(items);
        ValueList<TItem> sorted = [.. items.OrderBy(keyOf)];
        return sorted.Zip(sorted.Skip(1)).FirstOrDefault(pair => Equals(keyOf(pair.First), keyOf(pair.Second))) is (TItem twin, _)
            ? throw new ArgumentException($"{keyOf(twin)} is there twice", nameof(items))
            : sorted;
    }

    /// <summary>Finds the item with a key.</summary>
    /// <param name="sorted">The items, sorted by the key, each key once.</param>
    /// <param name="key">The key.</param>
    /// <param name="keyOf">Returns an item's key.</param>
    /// <param name="found">The item; null if no item has the key.</param>
    public static bool TryFind<TItem, TKey>(this ValueList<TItem> sorted, TKey key, Func<TItem, TKey> keyOf, [NotNullWhen(true)] out TItem? found)
        where TItem : class
        where TKey : IComparable<TKey>
    {
        var items = sorted.AsSpan();
        int low = 0, high = items.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = keyOf(items[middle]).CompareTo(key);
            if (order == 0)
            {
                found = items[middle];
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        found = null;
        return false;
    }
}
