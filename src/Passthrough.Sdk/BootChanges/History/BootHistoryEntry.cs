using System.Collections.Immutable;

namespace Passthrough.Sdk.BootChanges.History;

/// <summary>One change of the boot configuration as the history keeps it, from before its first write until it is reverted, and after.</summary>
internal sealed record BootHistoryEntry
{
    /// <summary>The number of the format that this version writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The number of the entry's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>When it was applied, UTC.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>Whether every file was written.</summary>
    public bool Applied { get; init; }

    /// <summary>Whether every file was put back.</summary>
    public bool Reverted { get; init; }

    /// <summary>The files, in the order in which they were written.</summary>
    public ImmutableArray<BootHistoryFile> Files { get; init; } = [];

    /// <summary>Directories that the change made, as the host writes their paths, the outer ones first.</summary>
    public ImmutableArray<string> Directories { get; init; } = [];

    /// <summary>The commands that followed the change, each with its arguments.</summary>
    public ImmutableArray<ImmutableArray<string>> Commands { get; init; } = [];

    /// <summary>The commands that follow when the files are put back.</summary>
    public ImmutableArray<ImmutableArray<string>> UndoCommands { get; init; } = [];
}
