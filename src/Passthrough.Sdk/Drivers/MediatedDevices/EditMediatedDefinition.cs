using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>The step that writes, changes or removes a definition in mdevctl's files.</summary>
internal sealed class EditMediatedDefinition : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.EditMediatedDefinition;

    public override bool NamesSubject => true;

    public override bool OutlivesBoot => true;

    /// <summary>The change of a file. Its path is the name; the contents are the values, null for no file.</summary>
    public static HostChange Of(MediatedDefinition definition, string? before, string? after) => new(
        PlanStepKind.EditMediatedDefinition, PciAddress.TryParse(definition.Parent, out var address) ? address : null, definition.Path, before, after);

    public override PlanStep Describe(int number, HostChange change)
    {
        var path = ShellArgument.Of(change.Name);
        var (parent, uuid) = Names(change);
        return new(
            number,
            Kind,
            change.Device,
            change switch
            {
                { After: null } => $"remove the definition {change.Name}, so that the device is not created at boot",
                { Before: null } => $"define the device in {change.Name}, so that it is created at boot",
                _ => $"change the definition {change.Name}, so that the device is created at boot",
            },
            change.Before is null ? "remove the file" : "restore the previous content of the file",
            change.After is null
                ? $"mdevctl undefine --uuid {uuid} --parent {ShellArgument.Of(parent)}"
                : $"mkdir -p {ShellArgument.Of(change.Name[..change.Name.LastIndexOf('/')])}; printf %s {ShellArgument.Of(change.After.ReplaceLineEndings(""))} > {path}");
    }

    public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Read(change, context) is var now && now != change.Before)
        {
            throw new StalePlanException($"{change.Name} was changed since the plan was made; make a new plan");
        }

        Write(change.Name, change.After, context);
        return Read(change, context) == change.After
            ? Task.CompletedTask
            : throw new PassthroughException($"{change.Name} does not have the content that was written; check whether another program changes it, then make a new plan");
    }

    public override Task UndoAsync(HostChange change, ChangeContext context)
    {
        var now = Read(change, context);
        if (now == change.Before)
        {
            return Task.CompletedTask;
        }

        if (now != change.After)
        {
            throw new PassthroughException($"{change.Name} was changed by another program, so it was left as it is; check it by hand");
        }

        Write(change.Name, change.Before, context);
        return Task.CompletedTask;
    }

    private static (string Parent, string Uuid) Names(HostChange change) =>
        change.Name.Split('/') is [.., var parent, var uuid] ? (parent, uuid) : throw new FormatException($"'{change.Name}' is not the path of a definition");

    /// <summary>The content of a file; null if the file does not exist.</summary>
    /// <exception cref="PassthroughException">It cannot be read.</exception>
    internal static string? Read(string path, ISysfs sysfs) => sysfs.TryReadAll(path, MostBytes, out var content) switch
    {
        Errno.Success => Encoding.UTF8.GetString(content),
        var errno when Errno.IsAbsent(errno) => null,
        var errno => throw new PassthroughException($"{path} cannot be read: {Errno.Describe(errno)}; run as root"),
    };

    private const int MostBytes = 1024 * 1024;

    private static string? Read(HostChange change, ChangeContext context) => Read(change.Name, context.Sysfs);

    private static void Write(string path, string? content, ChangeContext context)
    {
        var real = context.PathOf(path);
        if (content is null)
        {
            AtomicFile.Delete(path, real);
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PassthroughException($"{Path.GetDirectoryName(path)} cannot be created: {e.Message}; run as root", e);
        }

        AtomicFile.Write(path, real, Encoding.UTF8.GetBytes(content));
    }
}
