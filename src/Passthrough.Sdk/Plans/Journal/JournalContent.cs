using System.Collections.Immutable;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>The content of the journal.</summary>
/// <param name="Entries">The entries, the newest first.</param>
/// <param name="Unreadable">The files that this version cannot read as entries.</param>
/// <param name="Holder">The program that holds the journal now, with its process id; null if no other program does.</param>
internal sealed record JournalContent(ImmutableArray<JournalEntry> Entries, ImmutableArray<UnreadableEntry> Unreadable, string? Holder);
