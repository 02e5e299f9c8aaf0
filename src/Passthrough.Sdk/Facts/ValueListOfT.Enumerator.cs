namespace Passthrough.Sdk.Facts;

public readonly partial struct ValueList<T>
{
    /// <summary>Enumerates a list without an allocation; <c>foreach</c> uses it.</summary>
    public struct Enumerator
    {
        private readonly T[] _items;
        private int _index;

        internal Enumerator(T[] items) => (_items, _index) = (items, -1);

        /// <summary>Gets the current item.</summary>
        public readonly T Current => _items[_index];

        /// <summary>Moves to the next item. Returns false at the end of the list.</summary>
        public bool MoveNext() => ++_index < _items.Length;
    }
}
