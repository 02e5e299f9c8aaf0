namespace Passthrough.Sdk.Facts;

/// <summary>Creates a <see cref="ValueList{T}"/> from a collection expression or a sequence.</summary>
public static class ValueList
{
    /// <summary>Copies items into a list.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <param name="items">The items in their order.</param>
    public static ValueList<T> Create<T>(params ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>Copies a sequence into a list.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <param name="items">The items in their order.</param>
    public static ValueList<T> ToValueList<T>(this IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new([.. items]);
    }

    /// <summary>Makes a list of an array that nobody else changes, without a copy.</summary>
    internal static ValueList<T> Own<T>(T[] items) => new(items);
}
