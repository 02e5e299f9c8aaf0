using System.Collections.Immutable;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>What lies in the journal.</summary>
/// <param name="Entries">The entries, the newest first.</param>
/// <param name="Unreadable">The files that are no entries this version can read.</param>
/// <param name="Holder">The program that holds the journal now, with its process id; null if nobody else does.</param>
internal sealed record JournalContent(ImmutableArray<JournalEntry> Entries, ImmutableArray<UnreadableEntry> Unreadable, string? Holder);
