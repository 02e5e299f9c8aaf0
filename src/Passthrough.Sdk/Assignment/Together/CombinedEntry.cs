using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Assignment.Together;

/// <summary>Reads the journal entry of a plan for several domains.</summary>
internal static class CombinedEntry
{
    /// <summary>Returns the entry of each domain, which has begun as far as the whole plan has.</summary>
    public static ValueList<JournalEntry> PartsOf(JournalEntry entry) =>
        [.. entry.Parts.Select(part => part with { Begun = entry.Begun, HasFailed = entry.HasFailed, Path = entry.Path })];
}
