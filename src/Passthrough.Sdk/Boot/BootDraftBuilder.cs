using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>Collects the effect of a change. A file that two edits change is edited once.</summary>
internal sealed class BootDraftBuilder(BootFiles files)
{
    private readonly List<(string Path, byte[]? Before, byte[] After)> _edits = [];

    public BootFiles Host => files;

    public List<BootCommand> Commands { get; } = [];

    public List<BootCommand> UndoCommands { get; } = [];

    public List<string> Reasons { get; } = [];

    public bool HasEdits => _edits.Exists(IsChange);

    public ValueList<BootFileEdit> Files =>
        [.. _edits.Where(IsChange).OrderBy(e => e.Path, StringComparer.Ordinal).Select(e => new BootFileEdit(e.Path, e.Before, e.After))];

    /// <summary>Returns the collected effect.</summary>
    public BootDraft Build() => new(Files, [.. Commands], [.. UndoCommands], [.. Reasons]);

    /// <summary>Returns the content after the edits so far, or null if the file does not exist.</summary>
    public byte[]? Read(string path)
    {
        var at = _edits.FindIndex(e => e.Path == path);
        return at >= 0 ? _edits[at].After : files.Read(path);
    }

    /// <summary>Returns the content as Latin-1, where a character is a byte, or null if the file does not exist.</summary>
    public string? ReadText(string path) => Read(path) is { } content ? Encoding.Latin1.GetString(content) : null;

    public void Write(string path, byte[] content)
    {
        var at = _edits.FindIndex(e => e.Path == path);
        if (at >= 0)
        {
            _edits[at] = (path, _edits[at].Before, content);
        }
        else
        {
            _edits.Add((path, files.Read(path), content));
        }
    }

    public void WriteText(string path, string latin1) => Write(path, Encoding.Latin1.GetBytes(latin1));

    /// <summary>Adds a command that follows the change and, unless another one is specified, its undo.</summary>
    public void Follow(BootCommand command, BootCommand? undo = null)
    {
        if (!Commands.Contains(command))
        {
            Commands.Add(command);
        }

        if (!UndoCommands.Contains(undo ?? command))
        {
            UndoCommands.Add(undo ?? command);
        }
    }

    /// <summary>Adds a command that follows the change and that no known command undoes.</summary>
    public void FollowForward(BootCommand command)
    {
        if (!Commands.Contains(command))
        {
            Commands.Add(command);
        }
    }

    public void Because(string reason)
    {
        if (!Reasons.Contains(reason))
        {
            Reasons.Add(reason);
        }
    }

    private static bool IsChange((string Path, byte[]? Before, byte[] After) edit) =>
        edit.Before is null || !edit.Before.AsSpan().SequenceEqual(edit.After);
}
