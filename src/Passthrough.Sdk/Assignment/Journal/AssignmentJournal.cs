using System.Text.Json;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Assignment.Journal;

/// <summary>
/// The plans that are being applied, a file each. A file is there from before a plan's first step until its last one is
/// verified, or until everything was taken back; what a crash leaves behind is what <c>recover</c> takes back.
/// </summary>
/// <remarks>
/// The directory is locked for as long as the journal is open: one program at a time. The kernel drops the lock when
/// the program ends, however it ends. Thread safety: none.
/// </remarks>
internal sealed class AssignmentJournal : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const uint OwnerOnlyMode = (uint)OwnerOnly;

    private readonly string _directory;
    private readonly FileStream _lock;

    private AssignmentJournal(string directory, FileStream @lock)
    {
        _directory = directory;
        _lock = @lock;
    }

    /// <summary>Opens the journal and locks it.</summary>
    /// <exception cref="PassthroughException">The directory cannot be made or written, or another program holds it.</exception>
    public static AssignmentJournal Open(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PassthroughException($"cannot keep a journal in {directory}: {e.Message}; run as root or choose another directory", e);
        }

        try
        {
            return new(directory, new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PassthroughException($"cannot keep a journal in {directory}: permission denied; run as root or choose another directory", e);
        }
        catch (IOException e)
        {
            throw new PassthroughException($"cannot lock the journal {directory}: {e.Message}; another program is applying a plan, wait for it", e);
        }
    }

    /// <summary>Writes an entry, replacing the one of the same id. When this returns, the entry survives a power cut.</summary>
    /// <exception cref="PassthroughException">It cannot be written; the former one is still there.</exception>
    public void Write(JournalEntry entry)
    {
        var path = PathOf(entry.Id);
        try
        {
            AtomicFile.Write(path, path, JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry), OwnerOnlyMode);
        }
        catch (BootFileException e)
        {
            throw new PassthroughException($"cannot write the journal: {e.Message} Nothing is done without it.", e);
        }
    }

    /// <summary>Removes an entry: its plan is finished, or taken back.</summary>
    public void Remove(JournalEntry entry) => File.Delete(PathOf(entry.Id));

    /// <summary>The entries a crash left behind, the newest first.</summary>
    /// <exception cref="PassthroughException">An entry cannot be read.</exception>
    public IReadOnlyList<JournalEntry> ReadAll() =>
        [.. Directory.EnumerateFiles(_directory, "*.json").Select(Read).OrderByDescending(entry => entry.StartedAt)];

    /// <summary>Unlocks the journal.</summary>
    public void Dispose() => _lock.Dispose();

    private static JournalEntry Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, JournalJson.Default.JournalEntry)
                ?? throw new PassthroughException($"the journal {path} is empty; compare the host with it by hand and remove the file");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new PassthroughException($"cannot read the journal {path}: {e.Message}", e);
        }
    }

    private string PathOf(string id) => Path.Combine(_directory, id + ".json");
}
