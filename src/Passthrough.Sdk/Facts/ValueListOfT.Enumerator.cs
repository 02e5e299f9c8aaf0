namespace Passthrough.Sdk.Facts;

public readonly partial struct ValueList<T>
{
    /// <summary>Goes through a list without an allocation; <c>foreach</c> uses it.</summary>
    public struct Enumerator
    {
        private readonly T[] _items;
        private int _index;

        internal Enumerator(T[] items) => (_items, _index) = (items, -1);

        /// <summary>Gets the item that was reached last.</summary>
        public readonly T Current => _items[_index];

        /// <summary>Goes to the next item. False if there is none.</summary>
        public bool MoveNext() => ++_index < _items.Length;
    }
}
