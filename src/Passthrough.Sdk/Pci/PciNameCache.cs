namespace Passthrough.Sdk.Pci;

/// <summary>The names that were asked for, by what was asked.</summary>
/// <remarks>A hash table with linear probing, for the reason <see cref="PciIdBlocks"/> gives.</remarks>
internal sealed class PciNameCache
{
    private const int FirstSize = 512;

    private Entry[] _entries = new Entry[FirstSize];
    private int _count;

    /// <summary>Looks up what was found before.</summary>
    /// <param name="kind">The kind of name; never 0.</param>
    /// <param name="key">The ids.</param>
    /// <param name="name">The name; null if it is known that there is none.</param>
    /// <returns>Whether it was asked for before.</returns>
    public bool TryGet(int kind, ulong key, out string? name)
    {
        ref var entry = ref Find(_entries, kind, key);
        name = entry.Name;
        return entry.Kind != 0;
    }

    /// <summary>Keeps what was found, for what was not asked before.</summary>
    public void Add(int kind, ulong key, string? name)
    {
        if (++_count * 2 > _entries.Length)
        {
            var larger = new Entry[_entries.Length * 2];
            foreach (ref var entry in _entries.AsSpan())
            {
                if (entry.Kind != 0)
                {
                    Find(larger, entry.Kind, entry.Key) = entry;
                }
            }

            _entries = larger;
        }

        ref var free = ref Find(_entries, kind, key);
        free.Kind = kind;
        free.Key = key;
        free.Name = name;
    }

    private static ref Entry Find(Entry[] entries, int kind, ulong key)
    {
        // Fibonacci hashing: the ids stand in any of the 64 bits.
        var at = (int)(unchecked((key ^ (ulong)kind) * 0x9e3779b97f4a7c15) >> 33) & (entries.Length - 1);
        while (entries[at].Kind != 0 && (entries[at].Key != key || entries[at].Kind != kind))
        {
            at = (at + 1) & (entries.Length - 1);
        }

        return ref entries[at];
    }

    private struct Entry
    {
        public ulong Key;
        public int Kind;
        public string? Name;
    }
}
