using System.Collections.Frozen;

namespace Passthrough.Sdk.Explain;

/// <summary>A known message found in a text.</summary>
/// <param name="Pattern">The message.</param>
/// <param name="Message">The line without what stood in front of it.</param>
/// <param name="Captures">What stands for the names of the template.</param>
/// <param name="Source">Where the text comes from: the error itself, a log.</param>
internal sealed record PatternMatch(ErrorPattern Pattern, string Message, FrozenDictionary<string, string> Captures, string Source)
{
    /// <summary>What stands for a name; null where the template has no such name, or nothing stood there.</summary>
    public string? this[string name] => Captures.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
