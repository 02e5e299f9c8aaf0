namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>A set of texts, compared character by character, that grows only.</summary>
/// <remarks>
/// As <see cref="NumberSet"/>: .NET's own set takes a process's first read more time to load than to use. The places of the
/// texts differ from process to process. Not thread-safe.
/// </remarks>
internal sealed class TextSet
{
    private string?[] _slots = [];
    private int _count;

    /// <summary>Takes a text in.</summary>
    /// <returns>False when it is there already.</returns>
    public bool Add(string text)
    {
        if (_count * 2 >= _slots.Length)
        {
            Grow();
        }

        if (!Put(_slots, text))
        {
            return false;
        }

        _count++;
        return true;
    }

    private static bool Put(string?[] slots, string text)
    {
        var at = text.GetHashCode() & (slots.Length - 1);
        while (slots[at] is { } other)
        {
            if (string.Equals(other, text))
            {
                return false;
            }

            at = (at + 1) & (slots.Length - 1);
        }

        slots[at] = text;
        return true;
    }

    private void Grow()
    {
        var larger = new string?[Math.Max(16, _slots.Length * 2)];
        foreach (var text in _slots)
        {
            if (text is not null)
            {
                Put(larger, text);
            }
        }

        _slots = larger;
    }
}
