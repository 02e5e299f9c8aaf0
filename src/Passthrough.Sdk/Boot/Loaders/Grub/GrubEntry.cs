using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>An entry of the Boot Loader Specification as GRUB reads it.</summary>
/// <remarks>
/// grub-core/commands/blsuki.c (blscfg.c before 2.14): the first <c>options</c> line counts and no other; <c>$NAME</c>
/// stands for a variable of GRUB's environment; an entry without <c>options</c> gets <c>default_kernelopts</c>.
/// systemd-boot joins all lines instead (<see cref="LoaderEntries"/>).
/// </remarks>
internal static class GrubEntry
{
    private const string Shared = "kernelopts";

    /// <summary>An entry's command line, with GRUB's variables replaced by their values.</summary>
    public static string? Options(BootFiles host, string path) =>
        First(Encoding.Latin1.GetString(host.Read(path) ?? [])) is { } line ? Expand(line.Value, Environment(host)) : null;

    /// <summary>An entry's parameters with their places: the entry itself, or GRUB's environment block.</summary>
    public static IEnumerable<BootParameterPlace> Places(BootFiles host, string path)
    {
        var environment = Environment(host);
        foreach (var token in First(host.TryRead(path) is { } content ? Encoding.Latin1.GetString(content) : "") is { } line ? CommandLineText.Split(line.Value) : [])
        {
            if (Variable(token.Parameter.Text) is not { } name)
            {
                yield return new BootParameterPlace(token.Parameter, path, LoaderEntries.Key);
                continue;
            }

            foreach (var inner in CommandLineText.Split(environment is { } block ? GrubEnvironment.Get(block.Text, name) ?? "" : ""))
            {
                yield return new BootParameterPlace(inner.Parameter, environment!.Value.Path, name);
            }
        }
    }

    /// <summary>Edits an entry, and GRUB's environment block where the entry takes its command line from there.</summary>
    /// <exception cref="BootException">The effect would not be certain.</exception>
    public static void Plan(BootDraftBuilder plan, string path, BootChange change)
    {
        var text = plan.ReadText(path) ?? "";
        if (First(text) is not { } line)
        {
            throw new BootException($"{path}: the entry has no options line, so GRUB uses its variable default_kernelopts - run grubby --update-kernel=ALL by hand.");
        }

        var variables = CommandLineText.Split(line.Value).Select(t => Variable(t.Parameter.Text)).OfType<string>().ToArray();
        var environment = GrubEnvironment.Find(plan.Host) is { } block && plan.ReadText(block) is { } content ? (block, content) : ((string Path, string Text)?)null;
        if (variables.Contains(Shared) && (environment is null || GrubEnvironment.Get(environment.Value.Text, Shared) is null))
        {
            throw new BootException($"{path}: its command line is GRUB's variable kernelopts, which no environment block sets - run grubby --update-kernel=ALL by hand.");
        }

        var shared = variables.Contains(Shared);
        var inBlock = shared ? GrubEnvironment.Get(environment!.Value.Text, Shared)! : "";
        if (CommandLineEdit.Compute([Expand(line.Value, environment)], change).IsEmpty)
        {
            return;
        }

        foreach (var (entry, variable) in Attempts(line.Value, inBlock, shared, change))
        {
            var after = environment is { } old && shared ? (old.Path, GrubEnvironment.Set(old.Text, Shared, variable, old.Path)) : environment;
            if (!CommandLineEdit.Compute([Expand(entry, after)], change).IsEmpty)
            {
                continue;
            }

            if (entry != line.Value)
            {
                plan.WriteText(path, TextEdit.Apply(text, [new TextEdit(line.Start, line.Value.Length, Separated(text, line, entry))]));
            }

            if (shared && variable != inBlock)
            {
                plan.WriteText(environment!.Value.Path, after!.Value.Item2);
            }

            return;
        }

        throw new BootException($"{path}: a variable of GRUB's environment ({string.Join(", ", variables.Select(v => "$" + v))}) contains the parameter to change - change it where it is set (tuned writes tuned_params).");
    }

    /// <summary>The edits in the order of preference: a new parameter into the shared variable, or behind everything in the entry.</summary>
    private static IEnumerable<(string Entry, string Variable)> Attempts(string entry, string variable, bool shared, BootChange change)
    {
        var edit = CommandLineEdit.Compute([variable, entry], change);
        var inVariable = TextEdit.Apply(variable, edit.Edits[0]);
        var inEntry = TextEdit.Apply(entry, edit.Edits[1]);
        if (shared)
        {
            yield return (inEntry, edit.Missing.Aggregate(inVariable, (text, parameter) => CommandLineEdit.Append(text, parameter.Text)));
        }

        yield return (edit.Missing.Aggregate(inEntry, (text, parameter) => CommandLineEdit.Append(text, parameter.Text)), inVariable);

        // What stands in a variable may have hidden that a parameter is missing in the entry.
        yield return (change.Add.Aggregate(inEntry, (text, parameter) => CommandLineEdit.Append(text, parameter.Text)), inVariable);
    }

    private static KeyedLines.Line? First(string text) =>
        KeyedLines.Find(text, LoaderEntries.Key, StringComparison.Ordinal) is [var first, ..] ? first : null;

    private static (string Path, string Text)? Environment(BootFiles host) =>
        GrubEnvironment.Find(host) is { } block && host.TryRead(block) is { } content ? (block, Encoding.Latin1.GetString(content)) : null;

    private static string? Variable(string word) => word is ['$', _, ..] ? word[1..] : null;

    private static string Expand(string options, (string Path, string Text)? environment) => !options.Contains('$', StringComparison.Ordinal)
        ? options
        : string.Join(' ', options.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => Variable(word) is { } name ? environment is { } block ? GrubEnvironment.Get(block.Text, name) ?? "" : "" : word)
            .Where(word => word.Length > 0));

    // A key with nothing behind it has no blank yet.
    private static string Separated(string text, KeyedLines.Line line, string value) =>
        line.Value.Length == 0 && value.Length > 0 && text[line.Start - 1] is not (' ' or '\t') ? " " + value : value;
}
