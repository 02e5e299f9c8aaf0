using System.Buffers;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Shell;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>A command line that variables of a sourced shell file hold: GRUB's, u-boot-menu's, Alpine's update-extlinux.</summary>
internal abstract class ShellVariableLoader : BootLoader
{
    private static readonly SearchValues<char> Meaningful = SearchValues.Create("$`\\;&|<>{}'#");

    /// <summary>The variables in the order in which they stand on the command line.</summary>
    protected abstract string[] Keys { get; }

    /// <summary>The files in the order in which they are sourced; the first may be missing.</summary>
    protected abstract IReadOnlyList<string> Paths(BootFiles host);

    public override Fact<string> Configured(BootFiles host) => Try(Paths(host)[0], () =>
    {
        ShellSource[] sources = Sources(Paths(host), host.Read);
        var line = new ShellCommandLine(sources, Keys);
        if (line.Obstacle is { } obstacle)
            throw new BootUncertainException(sources[obstacle.File].Path, obstacle.Line, obstacle.Text, obstacle.Reason);
        return sources.Length == 0 ? null : string.Join(' ', line.Values.Where(v => v.Length > 0));
    });

    /// <summary>Edits the variables; false when they are as they should be.</summary>
    protected bool EditVariables(BootPlanBuilder plan, BootChange change)
    {
        foreach (BootParameter parameter in change.Add)
            CheckSpeakable(parameter);
        IReadOnlyList<string> paths = Paths(plan.Host);
        ShellSource[] sources = Sources(paths, plan.Read);
        if (sources.Length == 0)
            throw new BootException($"{paths[0]} is not there - create it, or name the root of the right system.");
        var line = new ShellCommandLine(sources, Keys);
        line.Edit(change);
        bool changed = false;
        foreach ((ShellSource before, ShellSource after) in sources.Zip(line.Sources))
        {
            if (before.Text == after.Text)
                continue;
            plan.Write(after.Path, after.ToBytes());
            changed = true;
        }

        return changed;
    }

    private static ShellSource[] Sources(IReadOnlyList<string> paths, Func<string, byte[]?> read) =>
        [.. from path in paths let content = read(path) where content is not null select ShellSource.FromBytes(path, content)];

    /// <summary>The generated file is read once more, by a loader with a language of its own.</summary>
    private static void CheckSpeakable(BootParameter parameter)
    {
        int at = parameter.Text.AsSpan().IndexOfAny(Meaningful);
        if (at >= 0)
            throw new BootException($"{parameter}: the loader's own language gives {parameter.Text[at]} a meaning, so that what reaches the kernel is not certain - add it by hand.");
        if (parameter.Text.Any(c => c > '~'))
            throw new BootException($"{parameter}: not ASCII - write it in ASCII.");
    }
}
