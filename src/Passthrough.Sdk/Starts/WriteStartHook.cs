using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Starts;

/// <summary>Writes, replaces or removes the hook that libvirt calls before a domain starts.</summary>
/// <remarks>
/// <see cref="HostChange.Name"/> is the path; <see cref="HostChange.Before"/> and <see cref="HostChange.After"/> are the whole contents, null
/// for no file. Its directory is created with it, and removed with it if nothing else is in it.
/// </remarks>
internal sealed class WriteStartHook : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.WriteStartHook;

    public override bool NamesSubject => true;

    public override bool OutlivesBoot => true;

    public override PlanStep Describe(int number, HostChange change) => new(
        number,
        Kind,
        change.Device,
        change switch
        {
            { After: null } => $"remove {change.Name}, so that domains start unchecked",
            { Before: null } => $"write {change.Name}, which libvirt calls before each start of a domain",
            _ => $"replace {change.Name}, which libvirt calls before each start of a domain",
        },
        change.Before is null ? $"remove {change.Name}" : $"restore {change.Name}",
        change.After is null ? $"rm {change.Name}" : $"install -D -m 755 HOOK {change.Name}");

    public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Change(change.Name, change.Before, change.After, context);
        return Task.CompletedTask;
    }

    public override Task UndoAsync(HostChange change, ChangeContext context)
    {
        Change(change.Name, change.After, change.Before, context);
        return Task.CompletedTask;
    }

    private static void Change(string path, string? from, string? to, ChangeContext context)
    {
        var directory = Path.GetDirectoryName(context.PathOf(path))!;
        if (to is not null)
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

        StartHookFile.Of(context.Directory, path).Change(from, to);
        if (to is null && Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
        {
            Directory.Delete(directory);
        }
    }
}
