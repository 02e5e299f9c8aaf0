using System.Collections.Immutable;

namespace Passthrough.Sdk.BootChanges.History;

/// <summary>A change of the boot configuration in the history. It is kept from before its first write, also after it was reverted.</summary>
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

    /// <summary>Whether every file was restored.</summary>
    public bool Reverted { get; init; }

    /// <summary>The files, in the order in which they were written.</summary>
    public ImmutableArray<BootHistoryFile> Files { get; init; } = [];

    /// <summary>The directories that the change created, as paths on the host, the outer ones first.</summary>
    public ImmutableArray<string> Directories { get; init; } = [];

    /// <summary>The commands that were run after the change, each with its arguments.</summary>
    public ImmutableArray<ImmutableArray<string>> Commands { get; init; } = [];

    /// <summary>The commands to run after the files are restored.</summary>
    public ImmutableArray<ImmutableArray<string>> UndoCommands { get; init; } = [];
}
