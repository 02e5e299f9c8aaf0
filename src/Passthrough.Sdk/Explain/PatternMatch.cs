using System.Collections.Frozen;

namespace Passthrough.Sdk.Explain;

/// <summary>A known message that was found in a text.</summary>
/// <param name="Pattern">The message.</param>
/// <param name="Message">The line without its prefixes.</param>
/// <param name="Captures">The values of the names in the template.</param>
/// <param name="Source">The source of the text: the error itself, or a log.</param>
internal sealed record PatternMatch(ErrorPattern Pattern, string Message, FrozenDictionary<string, string> Captures, string Source)
{
    /// <summary>Returns the value of a name; null if the template does not have the name, or it has no value.</summary>
    public string? this[string name] => Captures.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
