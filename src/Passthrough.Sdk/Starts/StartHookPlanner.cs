using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Starts;

/// <summary>Plans to write, replace or remove the hook.</summary>
internal static class StartHookPlanner
{
    /// <summary>Returns the change, and the findings.</summary>
    /// <param name="directory">The directory that contains the host's files.</param>
    /// <param name="isXen">Whether the host is a Xen dom0.</param>
    /// <param name="options">The wanted hook; null to remove it.</param>
    /// <exception cref="HostFileException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">The command cannot be that of a hook.</exception>
    public static (ValueList<HostChange> Changes, ValueList<Finding> Findings) Plan(string directory, bool isXen, StartHookOptions? options)
    {
        var path = StartHookFile.PathOf(isXen);
        var now = new TextFile(directory, path, StartHookFile.Mode).Read();
        var wanted = options is null ? null : StartHookScript.Write(options);
        if (now == wanted)
        {
            return ([], []);
        }

        return (
            [new(PlanStepKind.WriteStartHook, Device: null, path, now, wanted)],
            now is null || StartHookScript.Read(now) is { IsEdited: false } ? [] : [Edited(path)]);
    }

    private static Finding Edited(string path) => FindingFactory.Of(
        [],
        FindingIds.StartHookEdited,
        FindingSeverity.Error,
        $"{path} was not written by this library, or was edited after it was, and the plan would lose its content",
        $"check {path}; rename it if it is needed, otherwise accept {FindingIds.StartHookEdited}",
        new Evidence(path, "its content does not match the hash in its header"));
}
