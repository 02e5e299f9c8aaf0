using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Boot;

/// <summary>Carries plans out and undoes them, with a record on disk that a later process can go by.</summary>
/// <remarks>
/// The record and the backups are on disk before the first file changes, so that a crash at any point can be undone: a
/// file is then either as before or as after, and the entry knows both.
/// </remarks>
internal sealed class BootJournal(BootFiles files)
{
    public const string Directory = "/var/lib/passthrough/boot";
    private const string EntryName = "change.json";

    public BootReceipt Apply(BootPlan plan, TimeProvider time)
    {
        string home = Home();
        using FileStream turn = Lock(home);
        foreach (BootFileEdit edit in plan.Files)
        {
            if (!Same(files.Read(edit.Path), edit.BeforeBytes))
                throw new BootConflictException(edit.Path, "the plan was made", "make a new plan");
        }

        RemoveUnfinished(home);
        DateTimeOffset now = time.GetUtcNow();
        string id = NextId(home, now);
        // A menu that is merely made anew leaves nothing to undo.
        if (!plan.Files.IsEmpty || !plan.Commands.SequenceEqual(plan.UndoCommands))
            Record(home, id, now, plan);
        foreach (BootFileEdit edit in plan.Files)
            AtomicFile.RemoveLeftovers(files.RealPath(edit.Path));
        Replace(plan, home, id);
        var receipt = new BootReceipt
        {
            Id = id,
            AppliedAt = now,
            Files = [.. plan.Files.Select(f => f.Path)],
            CommandsLeft = plan.Commands,
        };
        return files.IsThisMachine ? Run(receipt) : receipt;
    }

    /// <summary>Undoes the latest change that is not undone yet; null when there is none.</summary>
    public BootReceipt? Revert()
    {
        string home = Home();
        using FileStream turn = Lock(home);
        foreach (string id in Ids(home).Reverse())
        {
            BootJournalEntry entry = Load(home, id);
            if (!entry.Reverted)
                return Revert(home, id, entry);
        }

        return null;
    }

    private BootReceipt Revert(string home, string id, BootJournalEntry entry)
    {
        foreach (BootJournalFile file in entry.Files)
        {
            string? hash = Hash(files.Read(file.Path));
            if (hash != file.Before && hash != file.After)
                throw new BootConflictException(file.Path, "it was edited", $"put it right by hand; the old content is in {Directory}/{id}");
        }

        foreach (BootJournalFile file in entry.Files)
        {
            string real = files.RealPath(file.Path);
            AtomicFile.RemoveLeftovers(real);
            if (Hash(files.Read(file.Path)) == file.Before)
                continue;
            if (file.Backup is null)
                AtomicFile.Delete(file.Path, real);
            else
                AtomicFile.Write(file.Path, real, ReadBackup(home, id, file));
        }

        entry.Reverted = true;
        Save(home, id, entry);
        var receipt = new BootReceipt
        {
            Id = id,
            AppliedAt = entry.AppliedAt,
            Files = [.. entry.Files.Select(f => f.Path)],
            CommandsLeft = [.. entry.UndoCommands.Select(c => new BootCommand(c[0], [.. c[1..]], "makes the restored files take effect"))],
        };
        return files.IsThisMachine ? Run(receipt) : receipt;
    }

    private static BootReceipt Run(BootReceipt receipt)
    {
        foreach (BootCommand command in receipt.CommandsLeft)
        {
            if (CommandRunner.Run(command) is { } problem)
                throw new BootCommandException(receipt, command, problem);
            receipt = receipt with { CommandsRun = receipt.CommandsRun.Add(command), CommandsLeft = receipt.CommandsLeft.Remove(command) };
        }

        return receipt;
    }

    private void Replace(BootPlan plan, string home, string id)
    {
        var done = new List<BootFileEdit>();
        try
        {
            foreach (BootFileEdit edit in plan.Files)
            {
                string real = files.RealPath(edit.Path);
                MakeDirectory(edit.Path, Path.GetDirectoryName(real)!);
                AtomicFile.Write(edit.Path, real, edit.AfterBytes);
                done.Add(edit);
            }
        }
        catch (BootException)
        {
            // All or nothing: what was written goes back, and the entry says so.
            foreach (BootFileEdit edit in done)
            {
                if (edit.BeforeBytes is { } before)
                    AtomicFile.Write(edit.Path, files.RealPath(edit.Path), before);
                else
                    AtomicFile.Delete(edit.Path, files.RealPath(edit.Path));
            }

            BootJournalEntry entry = Load(home, id);
            entry.Reverted = true;
            Save(home, id, entry);
            throw;
        }
    }

    private static void Record(string home, string id, DateTimeOffset now, BootPlan plan)
    {
        var entry = new BootJournalEntry
        {
            AppliedAt = now,
            UndoCommands = [.. plan.UndoCommands.Select(c => c.Arguments.Prepend(c.FileName).ToArray())],
        };
        MakeDirectory($"{Directory}/{id}", Path.Combine(home, id));
        foreach ((int number, BootFileEdit edit) in plan.Files.Index())
        {
            string? backup = edit.BeforeBytes is null ? null : number.ToString(CultureInfo.InvariantCulture);
            if (edit.BeforeBytes is { } before)
                AtomicFile.Write($"{Directory}/{id}/{backup}", Path.Combine(home, id, backup!), before, PrivateMode);
            entry.Files.Add(new BootJournalFile { Path = edit.Path, Backup = backup, Before = Hash(edit.BeforeBytes), After = Hash(edit.AfterBytes)! });
        }

        Save(home, id, entry);
    }

    // A backup may hold what its original keeps from others (a GRUB password): root only.
    private const uint PrivateMode = 0x180;

    private static void Save(string home, string id, BootJournalEntry entry) =>
        AtomicFile.Write($"{Directory}/{id}/{EntryName}", Path.Combine(home, id, EntryName),
            JsonSerializer.SerializeToUtf8Bytes(entry, BootJournalJson.Default.BootJournalEntry), PrivateMode);

    private BootJournalEntry Load(string home, string id)
    {
        string path = $"{Directory}/{id}/{EntryName}";
        try
        {
            return JsonSerializer.Deserialize(files.Read(path) ?? [], BootJournalJson.Default.BootJournalEntry)!;
        }
        catch (JsonException problem)
        {
            throw new BootException($"{path}: not a journal entry ({problem.Message}) - look into {home}/{id} by hand.", problem);
        }
    }

    private byte[] ReadBackup(string home, string id, BootJournalFile file)
    {
        string path = $"{Directory}/{id}/{file.Backup}";
        byte[]? content = files.Read(path);
        if (Hash(content) != file.Before)
            throw new BootConflictException(path, "it was written", $"the backup in {home}/{id} cannot be trusted; restore {file.Path} by hand");
        return content!;
    }

    private string Home()
    {
        string home = files.RealPath(Directory);
        MakeDirectory(Directory, home);
        return home;
    }

    private static void MakeDirectory(string hostPath, string real)
    {
        try
        {
            System.IO.Directory.CreateDirectory(real);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"{hostPath}: the directory cannot be made ({problem.Message}) - run it as root, and see that there is room.", problem);
        }
    }

    private static FileStream Lock(string home)
    {
        try
        {
            return new FileStream(Path.Combine(home, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"{Directory}/lock cannot be taken ({problem.Message}) - wait for the other program, or run it as root.", problem);
        }
    }

    /// <summary>Removes what a crash left before its entry was complete: no file of the host had changed by then.</summary>
    private static void RemoveUnfinished(string home)
    {
        foreach (string entry in System.IO.Directory.GetDirectories(home).Where(d => !new FileInfo(Path.Combine(d, EntryName)).Exists))
            System.IO.Directory.Delete(entry, recursive: true);
    }

    private static IEnumerable<string> Ids(string home) =>
        System.IO.Directory.EnumerateDirectories(home)
            .Where(d => new FileInfo(Path.Combine(d, EntryName)).Exists)
            .Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    private static string NextId(string home, DateTimeOffset now)
    {
        int last = System.IO.Directory.EnumerateDirectories(home)
            .Select(d => int.TryParse(Path.GetFileName(d).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0)
            .DefaultIfEmpty().Max();
        return string.Create(CultureInfo.InvariantCulture, $"{last + 1:D6}-{now:yyyyMMdd'T'HHmmss'Z'}");
    }

    private static string? Hash(byte[]? content) => content is null ? null : Convert.ToHexStringLower(SHA256.HashData(content));

    private static bool Same(byte[]? one, byte[]? other) =>
        one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}
