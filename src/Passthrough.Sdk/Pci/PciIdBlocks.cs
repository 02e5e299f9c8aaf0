namespace Passthrough.Sdk.Pci;

/// <summary>Where the blocks of a <c>pci.ids</c> file begin, by their number.</summary>
/// <remarks>
/// A hash table with linear probing. A dictionary would do the same, but the one for these types would be compiled in every
/// process that asks for names: a third of the time of a first look-up.
/// </remarks>
internal sealed class PciIdBlocks
{
    private const int Empty = 0;
    private const int FirstSize = 8192;

    // Number plus one, beginning, end: three a block.
    private int[] _slots = new int[FirstSize * 3];
    private int _count;

    /// <summary>Notes a block; the first of two with the same number counts, as in libpci.</summary>
    public void Add(int number, int start, int end)
    {
        if (_count * 2 >= _slots.Length / 3)
        {
            Grow();
        }

        var at = Find(_slots, number + 1);
        if (_slots[at] == Empty)
        {
            _count++;
            _slots[at] = number + 1;
            _slots[at + 1] = start;
            _slots[at + 2] = end;
        }
    }

    /// <summary>Looks a block up.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">The byte after its last; the same as the first where there is no such block.</param>
    public void Get(int number, out int start, out int end)
    {
        var at = Find(_slots, number + 1);
        (start, end) = _slots[at] == Empty ? (0, 0) : (_slots[at + 1], _slots[at + 2]);
    }

    private static int Find(int[] slots, int mark)
    {
        // Numbers are those of vendors, 16 bits that are well spread.
        var size = slots.Length / 3;
        var at = mark & (size - 1);
        while (slots[at * 3] != Empty && slots[at * 3] != mark)
        {
            at = (at + 1) & (size - 1);
        }

        return at * 3;
    }

    private void Grow()
    {
        var larger = new int[_slots.Length * 2];
        for (var from = 0; from < _slots.Length; from += 3)
        {
            if (_slots[from] != Empty)
            {
                _slots.AsSpan(from, 3).CopyTo(larger.AsSpan(Find(larger, _slots[from])));
            }
        }

        _slots = larger;
    }
}
