using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.BootChanges.Steps;

/// <summary>Replaces a file of the boot configuration atomically, and verifies its content.</summary>
internal static class EditBootFile
{
    /// <summary>Describes the step of a change.</summary>
    public static PlanStep Describe(int number, BootFileEdit edit, string root) => new(
        number,
        PlanStepKind.EditBootFile,
        Device: null,
        edit.BeforeBytes is null ? $"create {edit.Path}" : $"change {edit.Path}",
        edit.BeforeBytes is null ? "remove it" : "restore its previous content",
        $"patch -d {root} -p1 < CHANGE.diff");

    /// <summary>Describes the step of a change that is reverted.</summary>
    /// <param name="number">The step's number.</param>
    /// <param name="edit">The edit that restores the file.</param>
    /// <param name="real">The file on this machine.</param>
    /// <param name="backup">The path of the old content; null if the file was new.</param>
    public static PlanStep DescribeRevert(int number, BootFileEdit edit, string real, string? backup) => new(
        number,
        PlanStepKind.EditBootFile,
        Device: null,
        backup is null ? $"remove {edit.Path}, which the change created" : $"restore the previous content of {edit.Path}",
        "write the changed content again",
        backup is null ? $"rm {real}" : $"cp {backup} {real}");

    /// <summary>Does the step and verifies its result.</summary>
    /// <exception cref="StalePlanException">The file does not have the content on which the plan is based.</exception>
    public static void Apply(BootFiles files, BootFileEdit edit)
    {
        RefuseStale(files, edit);
        AtomicFile.RemoveLeftovers(files.RealPath(edit.Path));
        if (BootHistory.Hash(edit.BeforeBytes) != BootHistory.Hash(edit.AfterBytes))
        {
            Replace(files, edit.Path, edit.AfterBytes);
        }
    }

    /// <summary>Refuses an edit of a file that does not have the content on which the plan is based.</summary>
    /// <exception cref="StalePlanException">The file has another content.</exception>
    public static void RefuseStale(BootFiles files, BootFileEdit edit)
    {
        if (BootHistory.Hash(files.Read(edit.Path)) != BootHistory.Hash(edit.BeforeBytes))
        {
            throw new StalePlanException($"{edit.Path} was changed by another program after the plan was made; make a new plan");
        }
    }

    /// <summary>Restores a content if the file has the one that a step wrote. It checks the file first, because after a crash it is unknown how far the step had progressed.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">The file.</param>
    /// <param name="wanted">SHA-256 of the wanted content; null for no file.</param>
    /// <param name="written">SHA-256 of the content that the step wrote; null for no file.</param>
    /// <param name="content">Reads the wanted content; null for no file.</param>
    /// <exception cref="BootConflictException">It has another content: another program changed it.</exception>
    public static void Restore(BootFiles files, string path, string? wanted, string? written, Func<byte[]?> content)
    {
        AtomicFile.RemoveLeftovers(files.RealPath(path));
        var now = BootHistory.Hash(files.Read(path));
        if (now == wanted)
        {
            return;
        }

        if (now != written)
        {
            throw new BootConflictException(path, "it was edited", "correct it by hand");
        }

        Replace(files, path, content());
    }

    private static void Replace(BootFiles files, string path, byte[]? content)
    {
        files.Replace(path, content);
        if (BootHistory.Hash(files.Read(path)) != BootHistory.Hash(content))
        {
            throw new PassthroughException($"{path} does not contain what was written to it; check whether another program also writes it");
        }
    }
}
