using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Starts;

/// <summary>Plans to write, replace or remove the hook.</summary>
internal static class StartHookPlanner
{
    /// <summary>Returns the change, and the findings.</summary>
    /// <param name="files">The host's files, to be read.</param>
    /// <param name="directory">The directory that contains the host's files.</param>
    /// <param name="isXen">Whether the host is a Xen dom0.</param>
    /// <param name="options">The wanted hook; null to remove it.</param>
    /// <exception cref="HostFileException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">The command cannot be that of a hook.</exception>
    public static (ValueList<HostChange> Changes, ValueList<Finding> Findings) Plan(ISysfs files, string directory, bool isXen, StartHookOptions? options)
    {
        var path = StartHookFile.PathOf(isXen);
        var now = StartHookFile.Of(directory, path).Read();
        var wanted = options is null ? null : StartHookScript.Write(options);
        if (now == wanted)
        {
            return ([], []);
        }

        var findings = new List<Finding>();
        if (now is not null && StartHookScript.Read(now) is not { IsEdited: false })
        {
            findings.Add(Edited(path));
        }

        if (options is not null && StartHookFile.Forbids(files, isXen, options.Command[0]) is { } forbidden)
        {
            findings.Add(OutOfReach(options.Command[0], forbidden));
        }

        return ([new(PlanStepKind.WriteStartHook, Device: null, path, now, wanted)], findings.ToValueList());
    }

    private static Finding OutOfReach(string program, string reason) => FindingFactory.Of(
        [],
        FindingIds.StartHookOutOfReach,
        FindingSeverity.Error,
        reason[..reason.IndexOf(';', StringComparison.Ordinal)],
        reason[(reason.IndexOf(';', StringComparison.Ordinal) + 2)..],
        new Evidence(program, "outside of the directories that the profile names"));

    private static Finding Edited(string path) => FindingFactory.Of(
        [],
        FindingIds.StartHookEdited,
        FindingSeverity.Error,
        $"{path} was not written by this library, or was edited after it was, and the plan would lose its content",
        $"check {path}; rename it if it is needed, otherwise accept {FindingIds.StartHookEdited}",
        new Evidence(path, "its content does not match the hash in its header"));
}
