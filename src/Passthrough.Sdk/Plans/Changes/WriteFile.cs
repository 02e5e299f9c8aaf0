using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>A step that writes, replaces or removes a whole file of the host, and never one that another program changed meanwhile.</summary>
/// <remarks>
/// <see cref="HostChange.Name"/> is the path; <see cref="HostChange.Before"/> and <see cref="HostChange.After"/> are the whole contents, null
/// for no file.
/// </remarks>
internal abstract class WriteFile : ChangeStep
{
    public sealed override bool NamesSubject => true;

    public sealed override bool OutlivesBoot => true;

    /// <summary>Whether the directory of the file is created with it.</summary>
    protected virtual bool CreatesDirectory => false;

    /// <summary>Whether the directory of the file is removed with it if nothing else is in it.</summary>
    protected virtual bool RemovesDirectory => false;

    public sealed override PlanStep Describe(int number, HostChange change) => new(
        number,
        Kind,
        change.Device,
        WordsFor(change),
        change.Before is null ? $"remove {change.Name}" : $"restore {change.Name}",
        CommandFor(change));

    public sealed override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ChangeAsync(change.Name, change.Before, change.After, context);
    }

    public sealed override Task UndoAsync(HostChange change, ChangeContext context) => ChangeAsync(change.Name, change.After, change.Before, context);

    /// <summary>Describes what the step does.</summary>
    protected abstract string WordsFor(HostChange change);

    /// <summary>Returns the command that does the same.</summary>
    protected abstract string CommandFor(HostChange change);

    /// <summary>Returns the file.</summary>
    protected virtual TextFile Open(string path, ChangeContext context) => new(context.Directory, path);

    /// <summary>Called when the file has the new content.</summary>
    protected virtual Task ChangedAsync(ChangeContext context) => Task.CompletedTask;

    private Task ChangeAsync(string path, string? from, string? to, ChangeContext context)
    {
        var directory = Path.GetDirectoryName(context.PathOf(path))!;
        if (to is not null && CreatesDirectory)
        {
            try
            {
                Directory.CreateDirectory(directory);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new PassthroughException($"{Path.GetDirectoryName(path)} cannot be created: {e.Message}; run as root", e);
            }
        }

        Open(path, context).Change(from, to);
        if (to is null && RemovesDirectory)
        {
            RemoveEmpty(directory);
        }

        return ChangedAsync(context);
    }

    // The file is gone and the step has done its work. A directory that stays is empty, or another program has just put a file into it.
    private static void RemoveEmpty(string directory)
    {
        try
        {
            if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            {
                Directory.Delete(directory);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }
}
