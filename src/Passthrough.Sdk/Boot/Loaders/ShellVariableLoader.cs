using System.Buffers;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Shell;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>A command line that is stored in variables of a sourced shell file: GRUB's, u-boot-menu's, Alpine's update-extlinux.</summary>
internal abstract class ShellVariableLoader : BootLoader
{
    private static readonly SearchValues<char> Meaningful = SearchValues.Create("$`\\;&|<>{}'#");

    /// <summary>The variables in the order of the command line.</summary>
    protected abstract string[] Keys { get; }

    /// <summary>The files in the order in which they are sourced; the first may be missing.</summary>
    protected abstract IReadOnlyList<string> Paths(BootFiles host);

    public override Fact<string> Configured(BootFiles host) => Try(Paths(host)[0], () =>
    {
        var sources = Sources(Paths(host), host.Read);
        var line = new ShellCommandLine(sources, host.TryRead, Keys);
        if (line.Obstacle is { } obstacle)
        {
            throw new BootUncertainException(line.Sources[obstacle.File].Path, obstacle.Line, obstacle.Text, obstacle.Reason);
        }

        return sources.Length == 0 ? null : string.Join(' ', line.Values.Where(v => v.Length > 0));
    });

    public override string? Key(BootFiles host) => new ShellCommandLine(Sources(Paths(host), host.TryRead), host.TryRead, Keys).Target;

    public override IEnumerable<BootParameterPlace> Places(BootFiles host) => PlacesIn(Sources(Paths(host), host.TryRead), Keys, host.TryRead);

    /// <summary>The parameters that variables of some files hold in the end, each with the file and the variable that it is written in.</summary>
    public static IEnumerable<BootParameterPlace> PlacesIn(ShellSource[] sources, string[] keys, Func<string, byte[]?>? read = null)
    {
        var state = ShellState.Evaluate(sources, read);
        foreach (var key in keys)
        {
            if (state.Find(key) is not { IsCertain: true } variable)
            {
                continue;
            }

            foreach (var token in CommandLineText.Split(variable.Text))
            {
                var origin = variable.Chars[token.Start];
                // What another variable holds is written there.
                var home = state.Assignments.LastOrDefault(a => a.File == origin.File && a.Word.Start <= origin.Offset && origin.Offset < a.Word.End);
                yield return new BootParameterPlace(token.Parameter, state.Files[origin.File].Path, home?.Name ?? key);
            }
        }
    }

    /// <summary>Edits the variables; returns false if they already have the wanted values.</summary>
    protected bool EditVariables(BootDraftBuilder plan, BootChange change)
    {
        foreach (var parameter in change.Add)
        {
            CheckSpeakable(parameter);
        }

        var paths = Paths(plan.Host);
        var sources = Sources(paths, plan.Read);
        if (sources.Length == 0)
        {
            throw new BootException($"{paths[0]} does not exist - create it, or specify the root directory of the right system.");
        }

        var line = new ShellCommandLine(sources, path => Included(plan, path), Keys);
        line.Edit(change);
        if (line.Detour is { } detour)
        {
            plan.Because(detour);
        }

        var changed = false;
        foreach ((var before, var after) in line.Originals.Zip(line.Sources))
        {
            if (before.Text == after.Text)
            {
                continue;
            }

            plan.Write(after.Path, after.ToBytes());
            changed = true;
        }

        return changed;
    }

    private static byte[]? Included(BootDraftBuilder plan, string path) => plan.Host.TryRead(path) is null ? null : plan.Read(path);

    private static ShellSource[] Sources(IReadOnlyList<string> paths, Func<string, byte[]?> read) =>
        [.. from path in paths let content = read(path) where content is not null select ShellSource.FromBytes(path, content)];

    /// <summary>The generated file is read again, by a loader with its own language.</summary>
    private static void CheckSpeakable(BootParameter parameter)
    {
        var at = parameter.Text.AsSpan().IndexOfAny(Meaningful);
        if (at >= 0)
        {
            throw new BootException($"{parameter}: the character {parameter.Text[at]} has a special meaning to the loader, so the kernel may get another text - add the parameter by hand.");
        }

        if (parameter.Text.Any(c => c > '~'))
        {
            throw new BootException($"{parameter}: contains a character that is not ASCII - write it in ASCII.");
        }
    }
}
