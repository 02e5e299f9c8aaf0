using System.Collections;
using System.Runtime.CompilerServices;

namespace Passthrough.Sdk.Facts;

/// <summary>An immutable list that is equal to another one if its items are, so that records with such a list compare by value.</summary>
/// <typeparam name="T">The items.</typeparam>
/// <remarks>
/// Create it with a collection expression: <c>[a, b]</c>. The default value is the empty list. It is the list of every model of this
/// library; the size of the value is that of one reference. Thread safety: immutable.
/// </remarks>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public readonly partial struct ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[]? _items;

    internal ValueList(T[] items) => _items = items;

    /// <summary>Gets the number of items.</summary>
    public int Count => _items is null ? 0 : _items.Length;

    /// <summary>Gets whether there are no items.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Whether nobody has set it: the empty list of a fact that is not known, or of a document in which it is missing.</summary>
    internal bool IsDefault => _items is null;

    /// <summary>Gets the item at an index.</summary>
    /// <param name="index">The index, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no item at the index.</exception>
    public T this[int index] =>
        _items is { } items && unchecked((uint)index) < (uint)items.Length
            ? items[index]
            : throw new ArgumentOutOfRangeException(nameof(index), index, $"the list has {Count} items");

    /// <summary>Returns whether both lists have equal items in the same order.</summary>
    /// <param name="left">A list.</param>
    /// <param name="right">Another list.</param>
    public static bool operator ==(ValueList<T> left, ValueList<T> right) => left.Equals(right);

    /// <summary>Returns whether the lists differ in an item or in the order.</summary>
    /// <param name="left">A list.</param>
    /// <param name="right">Another list.</param>
    public static bool operator !=(ValueList<T> left, ValueList<T> right) => !left.Equals(right);

    /// <summary>Returns the items as a span, without a copy.</summary>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <summary>Returns a part of the list; <c>list[1..]</c> calls it.</summary>
    /// <param name="start">The index of the first item.</param>
    /// <param name="length">The number of items.</param>
    /// <exception cref="ArgumentOutOfRangeException">The list has fewer items.</exception>
    public ValueList<T> Slice(int start, int length) => ValueList.Create(AsSpan().Slice(start, length));

    /// <summary>Gets the items in order.</summary>
    public Enumerator GetEnumerator() => new(_items ?? []);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(_items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (_items ?? []).GetEnumerator();

    /// <summary>Returns whether both lists have equal items in the same order.</summary>
    /// <param name="other">The other list.</param>
    public bool Equals(ValueList<T> other) => AsSpan().SequenceEqual(other.AsSpan(), EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ValueList<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in AsSpan())
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>Returns the items in brackets.</summary>
    public override string ToString() => $"[{string.Join(", ", _items ?? [])}]";
}
