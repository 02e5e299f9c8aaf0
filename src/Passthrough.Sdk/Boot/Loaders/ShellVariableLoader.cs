using System.Buffers;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Shell;
using Passthrough.Sdk.Boot.Text;
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

    public override string? Key(BootFiles host) => new ShellCommandLine(Sources(Paths(host), path => host.TryRead(path)), Keys).Target;

    public override IEnumerable<BootParameterPlace> Places(BootFiles host) => PlacesIn(Sources(Paths(host), path => host.TryRead(path)), Keys);

    /// <summary>The parameters that variables of some files hold in the end, each with the file and the variable that it is written in.</summary>
    public static IEnumerable<BootParameterPlace> PlacesIn(ShellSource[] sources, string[] keys)
    {
        var state = ShellState.Evaluate(sources);
        foreach (string key in keys)
        {
            if (state.Find(key) is not { IsCertain: true } variable)
                continue;
            foreach (CommandLineToken token in CommandLineText.Split(variable.Text))
            {
                ShellChar origin = variable.Chars[token.Start];
                // What another variable holds is written there.
                ShellAssignment? home = state.Assignments.LastOrDefault(a => a.File == origin.File && a.Word.Start <= origin.Offset && origin.Offset < a.Word.End);
                yield return new BootParameterPlace(token.Parameter, sources[origin.File].Path, home?.Name ?? key);
            }
        }
    }

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
