using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain.Translations;

/// <summary>A text translated back to English.</summary>
/// <param name="Lines">Its lines, in English if a catalogue contained them.</param>
/// <param name="Originals">The lines as they were printed.</param>
/// <param name="Sources">The catalogues with which each line was translated; empty if it was not.</param>
internal sealed record TranslatedText(ValueList<string> Lines, ValueList<string> Originals, ValueList<ValueList<string>> Sources)
{
    /// <summary>Gets whether any line was translated.</summary>
    public bool IsTranslated => Sources.Any(sources => !sources.IsEmpty);

    /// <summary>Returns the number of the line that contains a message; -1 if none does.</summary>
    public int LineOf(string message)
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            if (!Sources[i].IsEmpty && Lines[i].Contains(message, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
