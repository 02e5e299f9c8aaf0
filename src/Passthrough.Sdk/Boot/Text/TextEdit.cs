namespace Passthrough.Sdk.Boot.Text;

/// <summary>Puts a text in the place of a part of another.</summary>
/// <param name="Start">The offset at which the part begins.</param>
/// <param name="Length">The length of the part; 0 to insert.</param>
/// <param name="Replacement">The text that replaces the part; empty to delete.</param>
internal readonly record struct TextEdit(int Start, int Length, string Replacement)
{
    /// <summary>Applies edits that do not overlap.</summary>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        foreach (var edit in edits.OrderByDescending(e => e.Start).ThenByDescending(e => e.Length))
        {
            text = string.Concat(text.AsSpan(0, edit.Start), edit.Replacement, text.AsSpan(edit.Start + edit.Length));
        }

        return text;
    }
}
