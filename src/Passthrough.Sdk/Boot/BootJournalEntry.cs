using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Boot;

/// <summary>One change as it stands in the journal, from before its first write on.</summary>
internal sealed class BootJournalEntry
{
    public int Version { get; set; } = 1;

    public DateTimeOffset AppliedAt { get; set; }

    /// <summary>Set when every file was put back.</summary>
    public bool Reverted { get; set; }

    public List<BootJournalFile> Files { get; set; } = [];

    public List<string[]> UndoCommands { get; set; } = [];
}

/// <summary>One file of a change.</summary>
internal sealed class BootJournalFile
{
    /// <summary>The path as the host writes it.</summary>
    public string Path { get; set; } = "";

    /// <summary>The backup's name beside the entry; null when the file was new.</summary>
    public string? Backup { get; set; }

    /// <summary>SHA-256 of the old content; null when the file was new.</summary>
    public string? Before { get; set; }

    /// <summary>SHA-256 of the new content.</summary>
    public string After { get; set; } = "";
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BootJournalEntry))]
internal sealed partial class BootJournalJson : JsonSerializerContext;
