namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>A set of numbers below 2^63, that grows only.</summary>
/// <remarks>
/// .NET's own set would be compiled for this kind of number at the first read, which takes longer than the read. The
/// places of the numbers differ from process to process, so nobody can write a document whose numbers all meet at one.
/// Not thread-safe.
/// </remarks>
internal sealed class NumberSet
{
    /// <summary>Odd, and random as the runtime's hash codes of texts are.</summary>
    private static readonly ulong Factor = unchecked(
        ((ulong)"passthrough".GetHashCode() << 32) | (uint)"hostdev".GetHashCode() | 1);

    private ulong[] _slots = [];
    private int _count;

    public static int Scatter(ulong number) => unchecked((int)((number * Factor) >> 32));

    /// <summary>Takes a number in.</summary>
    /// <returns>False when it is there already.</returns>
    public bool Add(ulong number)
    {
        if (_count * 2 >= _slots.Length)
        {
            Grow();
        }

        if (!Put(_slots, number + 1))
        {
            return false;
        }

        _count++;
        return true;
    }

    public bool Contains(ulong number)
    {
        if (_count == 0)
        {
            return false;
        }

        var at = Scatter(number + 1) & (_slots.Length - 1);
        while (_slots[at] != 0 && _slots[at] != number + 1)
        {
            at = (at + 1) & (_slots.Length - 1);
        }

        return _slots[at] != 0;
    }

    /// <summary>Zero is a free slot, so each number is kept one larger.</summary>
    private static bool Put(ulong[] slots, ulong entry)
    {
        var at = Scatter(entry) & (slots.Length - 1);
        while (slots[at] != 0)
        {
            if (slots[at] == entry)
            {
                return false;
            }

            at = (at + 1) & (slots.Length - 1);
        }

        slots[at] = entry;
        return true;
    }

    private void Grow()
    {
        var larger = new ulong[Math.Max(16, _slots.Length * 2)];
        foreach (var entry in _slots)
        {
            if (entry != 0)
            {
                Put(larger, entry);
            }
        }

        _slots = larger;
    }
}
