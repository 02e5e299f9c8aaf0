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
internal sealed class EditMediatedDefinition : WriteFile
{
    private const int MostBytes = 1024 * 1024;

    public override PlanStepKind Kind => PlanStepKind.EditMediatedDefinition;

    protected override bool CreatesDirectory => true;

    /// <summary>The change of a file. Its path is the name; the contents are the values, null for no file.</summary>
    public static HostChange Of(MediatedDefinition definition, string? before, string? after) => new(
        PlanStepKind.EditMediatedDefinition, PciAddress.TryParse(definition.Parent, out var address) ? address : null, definition.Path, before, after);

    /// <summary>The content of a file; null if the file does not exist.</summary>
    /// <exception cref="PassthroughException">It cannot be read.</exception>
    internal static string? Read(string path, ISysfs sysfs) => sysfs.TryReadAll(path, MostBytes, out var content) switch
    {
        Errno.Success => Encoding.UTF8.GetString(content),
        var errno when Errno.IsAbsent(errno) => null,
        var errno => throw new PassthroughException($"{path} cannot be read: {Errno.Describe(errno)}; run as root"),
    };

    protected override string WordsFor(HostChange change) => change switch
    {
        { After: null } => $"remove the definition {change.Name}, so that the device is not created at boot",
        { Before: null } => $"define the device in {change.Name}, so that it is created at boot",
        _ => $"change the definition {change.Name}, so that the device is created at boot",
    };

    protected override string CommandFor(HostChange change) => change.After is not null ? FileCommand.Write(change.Name, change.After)
        : change.Name.Split('/') is [.., var parent, var uuid] ? $"mdevctl undefine --uuid {uuid} --parent {ShellArgument.Of(parent)}"
        : throw new FormatException($"'{change.Name}' is not the path of a definition");
}
