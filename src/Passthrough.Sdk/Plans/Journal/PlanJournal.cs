using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>
/// The journal of the plans that are being applied, one file for each. A file exists from before the plan's first step until its last one is
/// verified, or until everything was undone. After a crash, <c>recover</c> undoes the entries that are left.
/// </summary>
/// <remarks>
/// The directory is locked for as long as the journal is open: one program at a time. The kernel releases the lock when
/// the program ends in any way. Thread safety: none.
/// </remarks>
internal sealed class PlanJournal : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const uint OwnerOnlyMode = (uint)OwnerOnly;
    private const string LockName = "lock";
    private const string Pattern = "*.json";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly string _directory;
    private readonly FileStream _lock;

    private PlanJournal(string directory, FileStream @lock)
    {
        _directory = directory;
        _lock = @lock;
    }

    /// <summary>Opens the journal and locks it; waits while another program holds it.</summary>
    /// <param name="directory">The journal's directory; it is created if it does not exist.</param>
    /// <param name="timeout">The maximum time to wait for another program.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="PassthroughException">The directory cannot be created or written, or another program holds it, which the message names.</exception>
    public static async Task<PlanJournal> OpenAsync(string directory, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PassthroughException($"cannot keep a journal in {directory}: {e.Message}; run as root or choose another directory", e);
        }

        var path = Path.Combine(directory, LockName);
        var start = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
                Sign(file);
                return new(directory, file);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new PassthroughException($"cannot keep a journal in {directory}: permission denied; run as root or choose another directory", e);
            }
            catch (IOException e) when (!IsHeld(e))
            {
                throw new PassthroughException($"cannot lock the journal {directory}: {e.Message} Without the lock, nothing is changed.", e);
            }
            catch (IOException e) when (time.GetElapsedTime(start) >= timeout)
            {
                var holder = JournalHolder.Read(path) ?? "another program";
                throw new PassthroughException(
                    string.Create(CultureInfo.InvariantCulture, $"cannot lock the journal {directory} within {timeout.TotalSeconds:0.#} s: {holder} is applying a plan; wait for it, then try again"),
                    e);
            }
            catch (IOException)
            {
                // Held; it may be free soon.
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the content of a journal without its lock: an entry may belong to a running program.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be read.</exception>
    public static JournalContent Peek(string directory) =>
        Directory.Exists(directory) || !IsAbsent(directory)
            ? Read(directory, JournalHolder.Read(Path.Combine(directory, LockName)))
            : new([], [], null);

    /// <summary>Writes an entry: over the file that it was read from, or under its id. When this returns, the entry survives a power failure.</summary>
    /// <exception cref="PassthroughException">It cannot be written; the previous one still exists.</exception>
    public void Write(JournalEntry entry)
    {
        var path = PathOf(entry);
        try
        {
            AtomicFile.Write(path, path, JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry), OwnerOnlyMode);
        }
        catch (HostFileException e)
        {
            throw new PassthroughException($"cannot write the journal: {e.Message} Without it, nothing is changed.", e);
        }
    }

    /// <summary>Removes an entry whose plan is finished or undone. When this returns, the removal survives a power failure.</summary>
    /// <exception cref="PassthroughException">It cannot be removed.</exception>
    public void Remove(JournalEntry entry)
    {
        var path = PathOf(entry);
        try
        {
            AtomicFile.Delete(path, path);
        }
        catch (HostFileException e)
        {
            throw new PassthroughException(
                e.IsChanged
                    ? $"the plan is finished and its journal entry was removed, but the entry may be there again after a power failure, and recover would then undo the plan: {e.Message}"
                    : $"the plan is finished, but its journal entry {path} cannot be removed: {e.Message} Remove the file by hand, otherwise recover would undo the plan.",
                e);
        }
    }

    /// <summary>Moves an unreadable file to another directory, so that it is kept but does not block other plans.</summary>
    /// <returns>The new path.</returns>
    /// <exception cref="IOException">It cannot be moved.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be moved.</exception>
    public string MoveAside(UnreadableEntry unreadable)
    {
        var aside = Path.Combine(_directory, "unreadable");
        Directory.CreateDirectory(aside, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(aside, Path.GetFileName(unreadable.Path));
        File.Move(unreadable.Path, path, overwrite: true);
        return path;
    }

    /// <summary>Removes the temporary files of a program that was killed while it wrote an entry, a record or the history of the boot configuration.</summary>
    public void RemoveLeftovers() => AtomicFile.RemoveAllLeftovers(_directory);

    /// <summary>The content of the journal.</summary>
    /// <exception cref="PassthroughException">The directory cannot be read.</exception>
    public JournalContent Read()
    {
        try
        {
            return Read(_directory, holder: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PassthroughException($"cannot read the journal {_directory}: {e.Message}", e);
        }
    }

    /// <summary>Unlocks the journal. The lock file no longer names this program, which may continue to run.</summary>
    public void Dispose()
    {
        try
        {
            if (_lock.CanWrite)
            {
                _lock.SetLength(0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the name looks for the lock, too.
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private static JournalContent Read(string directory, string? holder)
    {
        var entries = new List<JournalEntry>();
        var unreadable = ImmutableArray.CreateBuilder<UnreadableEntry>();
        foreach (var path in Directory.EnumerateFiles(directory, Pattern))
        {
            try
            {
                var bytes = ReadBytes(path);
                if (Judge(path, bytes) is { } problem)
                {
                    unreadable.Add(problem);
                }
                else
                {
                    entries.Add(JsonSerializer.Deserialize(bytes, JournalJson.Default.JournalEntry)!.WithEveryList() with { Path = path });
                }
            }
            catch (FileNotFoundException)
            {
                // Finished between the listing and the reading.
            }
            catch (JsonException e)
            {
                unreadable.Add(new(path, $"it is not a journal entry: {e.Message}", IsNewer: false, IsBroken: true));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unreadable.Add(new(path, e.Message, IsNewer: false, IsBroken: false));
            }
        }

        return new([.. entries.OrderByDescending(entry => entry.StartedAt)], unreadable.ToImmutable(), holder);
    }

    private static byte[] ReadBytes(string path)
    {
        using var file = File.OpenRead(path);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }

    // What the bytes are before they are taken for an entry; null for an entry of this version.
    private static UnreadableEntry? Judge(string path, byte[] bytes)
    {
        if (bytes.AsSpan().IndexOfAnyExcept((byte)0, (byte)' ', (byte)'\n') < 0)
        {
            return new(path, "it is empty", IsNewer: false, IsBroken: true);
        }

        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new(path, "it is not a journal entry", IsNewer: false, IsBroken: true);
        }

        return root.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.Number
            && format.TryGetInt32(out var number) && number > JournalEntry.CurrentFormat
            ? new(path, $"a newer version wrote it (format {number}; this version reads formats up to {JournalEntry.CurrentFormat})", IsNewer: true, IsBroken: false)
            : null;
    }

    // The name helps others to understand whom they wait for; without room for it the lock holds all the same.
    private static void Sign(FileStream file)
    {
        try
        {
            JournalHolder.Write(file);
        }
        catch (IOException)
        {
            // No space is left: the entry itself will not be written either, and that is said.
        }
    }

    // A directory that cannot be read is not absent: Directory.Exists says no to both.
    private static bool IsAbsent(string directory)
    {
        try
        {
            File.GetAttributes(directory);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
    }

    // .NET tells a lock that somebody holds by the errno EWOULDBLOCK in HResult.
    private static bool IsHeld(IOException e) => e.HResult == 11;

    // The file that it was read from, whatever its name is.
    private string PathOf(JournalEntry entry) => entry.Path.Length > 0 ? entry.Path : Path.Combine(_directory, entry.Id + ".json");
}
