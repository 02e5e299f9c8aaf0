using System.Collections.Immutable;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>The part of a journal entry for a plan of the boot configuration.</summary>
/// <param name="Change">
/// The name of the change in the history (<c>boot/CHANGE/change.json</c> in the journal's directory), which contains the old content of
/// every file and the commands that follow when they are restored. A change without a folder there changed nothing.
/// </param>
/// <param name="Files">The files of the plan's first steps, as the host writes their paths: the first step is about the first, and so on.</param>
internal sealed record BootChangeEntry(string Change, ImmutableArray<string> Files);
