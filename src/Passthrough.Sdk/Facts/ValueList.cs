namespace Passthrough.Sdk.Facts;

/// <summary>Creates a <see cref="ValueList{T}"/> from a collection expression.</summary>
public static class ValueList
{
    /// <summary>Copies items into a list.</summary>
    /// <typeparam name="T">The items.</typeparam>
    /// <param name="items">The items in their order.</param>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => items.IsEmpty ? None<T>.List : new(items.ToArray());

    private static class None<T>
    {
        public static readonly ValueList<T> List = new([]);
    }
}
