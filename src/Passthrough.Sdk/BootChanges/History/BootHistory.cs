using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;

namespace Passthrough.Sdk.BootChanges.History;

/// <summary>The changes of the boot configuration that were applied, one folder for each, with the old content of every file.</summary>
/// <remarks>
/// It is stored beside the journal's entries (<c>boot/</c> in its directory) and not among them: an entry of the journal is a plan that is
/// not finished, which blocks other plans and which recovery undoes. An applied change is neither. Only
/// the program that holds the journal's lock writes here. Thread safety: none.
/// </remarks>
internal sealed class BootHistory(string journalDirectory, BootFiles files)
{
    private const string EntryName = "change.json";

    // A backup may hold what its original keeps from others (a GRUB password): root only.
    private const uint PrivateMode = 0x180;

    private readonly string _home = Path.Combine(journalDirectory, "boot");

    /// <summary>Returns a name for a new change; later names sort after earlier ones.</summary>
    public string NextName(DateTimeOffset now)
    {
        var last = Folders()
            .Select(folder => int.TryParse(folder.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .DefaultIfEmpty().Max();
        return string.Create(CultureInfo.InvariantCulture, $"{last + 1:D6}-{now:yyyyMMdd'T'HHmmss'Z'}");
    }

    /// <summary>The changes that are not reverted, the latest first.</summary>
    /// <exception cref="BootException">A change cannot be read.</exception>
    public IEnumerable<(string Name, BootHistoryEntry Entry)> Standing()
    {
        foreach (var name in Folders().OrderDescending(StringComparer.Ordinal))
        {
            if (Find(name) is { Reverted: false } entry)
            {
                yield return (name, entry);
            }
        }
    }

    /// <summary>A change; null if it was never recorded, in which case nothing was changed.</summary>
    /// <exception cref="BootException">It cannot be read.</exception>
    public BootHistoryEntry? Find(string name)
    {
        var path = Path.Combine(_home, name, EntryName);
        try
        {
            var entry = JsonSerializer.Deserialize(ReadBytes(path), BootHistoryJson.Default.BootHistoryEntry)!;
            return entry.Format <= BootHistoryEntry.CurrentFormat
                ? entry
                : throw new BootException($"{path}: a newer version wrote it (format {entry.Format}; this version reads formats up to {BootHistoryEntry.CurrentFormat}) - revert the change with that version.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new BootException($"{path}: it does not describe a change of the boot configuration ({e.Message}) - check {Path.Combine(_home, name)} by hand.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"{path}: it cannot be read ({e.Message}) - run as root.", e);
        }
    }

    /// <summary>Returns whether every file has its content from before a change, because the program ended before it wrote the first one.</summary>
    public bool NeverBegan(BootHistoryEntry entry) =>
        !entry.Applied && entry.Files.Length > 0 && entry.Files.All(file => Hash(files.Read(file.Path)) == file.Before);

    /// <summary>Records a change that is about to begin, with the old content of its files. When this returns, the record survives a power failure.</summary>
    public void Record(string name, DateTimeOffset now, BootDraft draft)
    {
        foreach (var unfinished in Folders().Where(folder => !new FileInfo(Path.Combine(_home, folder, EntryName)).Exists))
        {
            // Of a program that ended before its entry was complete: no file of the host had changed by then.
            Directory.Delete(Path.Combine(_home, unfinished), recursive: true);
        }

        Make(Path.Combine(_home, name));
        var kept = ImmutableArray.CreateBuilder<BootHistoryFile>();
        foreach (var (number, edit) in draft.Files.Index())
        {
            var backup = edit.BeforeBytes is null ? null : number.ToString(CultureInfo.InvariantCulture);
            if (edit.BeforeBytes is { } before)
            {
                Write(Path.Combine(_home, name, backup!), before);
            }

            kept.Add(new(edit.Path, backup, Hash(edit.BeforeBytes), Hash(edit.AfterBytes)!));
        }

        Save(name, new()
        {
            AppliedAt = now,
            Applied = draft.Files.IsEmpty,
            Files = kept.ToImmutable(),
            Directories = [.. draft.Files.SelectMany(edit => files.MissingDirectories(edit.Path)).Distinct(StringComparer.Ordinal)],
            Commands = [.. draft.Commands.Select(WordsOf)],
            UndoCommands = [.. draft.UndoCommands.Select(WordsOf)],
        });
    }

    /// <summary>Marks a change as applied: every file is written.</summary>
    public void MarkApplied(string name)
    {
        if (Find(name) is { } entry)
        {
            Save(name, entry with { Applied = true });
        }
    }

    /// <summary>Marks a change as reverted, and removes the directories that it created if they are empty.</summary>
    public void MarkReverted(string name)
    {
        if (Find(name) is not { } entry)
        {
            return;
        }

        foreach (var file in entry.Files)
        {
            AtomicFile.RemoveLeftovers(files.RealPath(file.Path));
        }

        foreach (var directory in entry.Directories.Reverse())
        {
            RemoveIfEmpty(directory);
        }

        Save(name, entry with { Reverted = true });
    }

    /// <summary>Returns the old content of a file; null if the file was new.</summary>
    /// <exception cref="BootConflictException">The backup was changed.</exception>
    public byte[]? ReadBackup(string name, BootHistoryFile file)
    {
        if (file.Backup is null)
        {
            return null;
        }

        var path = BackupOf(name, file)!;
        byte[]? content = null;
        try
        {
            content = ReadBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Judged below.
        }

        return Hash(content) == file.Before
            ? content
            : throw new BootConflictException(path, "it was written", $"it cannot be trusted; restore {file.Path} by hand");
    }

    /// <summary>Returns the path of the old content of a file; null if the file was new.</summary>
    public string? BackupOf(string name, BootHistoryFile file) => file.Backup is null ? null : Path.Combine(_home, name, file.Backup);

    /// <summary>The commands of a list in the history.</summary>
    public static ValueList<BootCommand> CommandsOf(ImmutableArray<ImmutableArray<string>> commands, string reason) =>
        commands.IsDefault ? [] : [.. commands.Select(words => new BootCommand(words[0], [.. words[1..]], reason))];

    /// <summary>The words of a command, the program first.</summary>
    public static ImmutableArray<string> WordsOf(BootCommand command) => [command.FileName, .. command.Arguments];

    /// <summary>Returns the SHA-256 of a file's content; null if there is no file.</summary>
    public static string? Hash(byte[]? content) => content is null ? null : Convert.ToHexStringLower(SHA256.HashData(content));

    private void Save(string name, BootHistoryEntry entry) =>
        Write(Path.Combine(_home, name, EntryName), JsonSerializer.SerializeToUtf8Bytes(entry, BootHistoryJson.Default.BootHistoryEntry));

    private void Write(string path, byte[] content)
    {
        files.BeforeWrite?.Invoke(path);
        AtomicFile.Write(path, path, content, PrivateMode);
    }

    private static byte[] ReadBytes(string path)
    {
        using var file = File.OpenRead(path);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }

    private IEnumerable<string> Folders()
    {
        try
        {
            return [.. Directory.EnumerateDirectories(_home).Select(folder => Path.GetFileName(folder))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"{_home}: the history of the boot configuration cannot be read ({e.Message}) - run as root.", e);
        }
    }

    private void RemoveIfEmpty(string directory)
    {
        var real = files.RealPath(directory);
        if (!Directory.Exists(real) || Directory.EnumerateFileSystemEntries(real).Any())
        {
            return;
        }

        try
        {
            Directory.Delete(real);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"{directory}: the empty directory cannot be removed ({e.Message}) - remove it, or revert again as root.", e);
        }
    }

    private static void Make(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"{directory}: the directory cannot be created ({e.Message}) - run as root, and make sure that the file system has free space.", e);
        }
    }
}
