using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Boot.Shell;

/// <summary>Edits a command line that is stored in shell variables, in the files that set them.</summary>
/// <remarks>
/// The criterion is the state of a shell afterwards: every edit is made, read again, and kept only if the command line is
/// then exactly the wanted one and no other variable has changed.
/// </remarks>
internal sealed class ShellCommandLine
{
    private readonly string[] _keys;
    private IReadOnlyList<ShellSource> _sources;
    private ShellState _state;

    /// <param name="sources">The files in the order in which they are sourced.</param>
    /// <param name="keys">The variables, in the order of the command line.</param>
    public ShellCommandLine(IReadOnlyList<ShellSource> sources, params string[] keys)
        : this(sources, read: null, keys)
    {
    }

    /// <param name="sources">The files in the order in which they are sourced.</param>
    /// <param name="read">Reads the files that they source; null to read none.</param>
    /// <param name="keys">The variables, in the order of the command line.</param>
    public ShellCommandLine(IReadOnlyList<ShellSource> sources, Func<string, byte[]?>? read, string[] keys)
    {
        _keys = keys;
        _state = ShellState.Evaluate(sources, read);
        _sources = _state.Files;
        Originals = _sources;
    }

    /// <summary>The files as they were, and behind them those that they source.</summary>
    public IReadOnlyList<ShellSource> Originals { get; }

    /// <summary>Why a new parameter is added to another variable than usual; null if it is not.</summary>
    public string? Detour { get; private set; }

    public IReadOnlyList<ShellSource> Sources => _sources;

    public ShellState State => _state;

    /// <summary>The first line that makes the command line uncertain; null if it is certain.</summary>
    public ShellObstacle? Obstacle => _keys.Select(ObstacleOf).FirstOrDefault(o => o is not null);

    /// <summary>The values of the variables, in order; empty where one is not set or not certain.</summary>
    public string[] Values => [.. _keys.Select(ValueOf)];

    /// <summary>The variable to which a new parameter is added: the last one that is set and certain, or else the last one that is set.</summary>
    public string Target => _keys.Reverse().FirstOrDefault(key => _state.Find(key) is { IsCertain: true } && IsAssigned(key) && ObstacleOf(key) is null) ?? Usual;

    private string Usual => _keys.Reverse().FirstOrDefault(key => _state.Find(key) is not null) ?? _keys[^1];

    private bool IsAssigned(string key) => _state.Assignments.Any(a => a.Name == key);

    /// <summary>Makes the change in memory.</summary>
    /// <exception cref="BootUncertainException">A line prevents the change.</exception>
    public void Edit(BootChange change)
    {
        var target = Target;
        var removes = !change.Remove.IsEmpty || !change.AllowModules.IsEmpty;
        if ((removes ? Obstacle : ObstacleOf(target)) is { } obstacle)
        {
            throw Refused(obstacle);
        }

        TakeDetour(target, change);
        var edit = CommandLineEdit.Compute(Values, change);
        if (edit.Edits.Any(e => e.Count > 0))
        {
            EditInPlace(edit);
        }

        foreach (var parameter in edit.Missing)
        {
            Append(target, parameter);
        }
    }

    /// <summary>Whether a parameter may go to a certain variable although another one is not: nothing there may undo it.</summary>
    private void TakeDetour(string target, BootChange change)
    {
        foreach (var (key, obstacle) in _keys.Select(key => (key, ObstacleOf(key))))
        {
            if (obstacle is null)
            {
                continue;
            }

            // The value that is not certain may well be made of what stands in the files.
            if (change.Add.Any(parameter => IsMentioned(parameter.Name)))
            {
                throw Refused(obstacle);
            }

            Detour = $"{key} is not certain ({_sources[obstacle.File].Path}, line {obstacle.Line}: {obstacle.Reason}): the parameter is added to {target}"
                + (target == "GRUB_CMDLINE_LINUX" ? ", which recovery entries use too." : ".");
        }
    }

    private bool IsMentioned(string name)
    {
        var inTarget = CommandLineText.Split(ValueOf(Target)).Count(t => t.Parameter.IsNamed(name));
        var text = KernelNames.Canonical(name);
        var all = _sources.Sum(source => source.Text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')).Sum(line => Count(KernelNames.Canonical(line), text)));
        return all > inTarget;

        static int Count(string line, string word)
        {
            var count = 0;
            for (var at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + word.Length, StringComparison.Ordinal))
            {
                count++;
            }

            return count;
        }
    }

    private string ValueOf(string key) => _state.Find(key) is { IsCertain: true } variable ? variable.Text : "";

    private ShellObstacle? ObstacleOf(string key)
    {
        var variable = _state.Find(key);
        if (variable is null or { IsCertain: false })
        {
            return variable?.Obstacle;
        }

        var odd = variable.Chars.FirstOrDefault(c => c.Value is '\r' or '\n');
        if (odd.Value != '\0')
        {
            return ObstacleAt(odd, odd.Value == '\r' ? "the shell treats the carriage return as part of the value" : "the value contains a line break");
        }

        CommandLineText.Split(variable.Text, out _, out var closed);
        return closed || variable.Chars.Count == 0 ? null : ObstacleAt(variable.Chars[^1], "a double quote of the command line is never closed");
    }

    private ShellObstacle ObstacleAt(ShellChar c, string reason)
    {
        (var number, var line) = _sources[c.File].LineAt(c.Offset);
        return new ShellObstacle(c.File, number, line, reason);
    }

    private BootUncertainException Refused(ShellObstacle obstacle) =>
        new(_sources[obstacle.File].Path, obstacle.Line, obstacle.Text, obstacle.Reason);

    private void EditInPlace(CommandLineEdit edit)
    {
        var edits = new Dictionary<int, HashSet<TextEdit>>();
        var wanted = Values;
        ShellChar? first = null;
        for (var k = 0; k < _keys.Length; k++)
        {
            wanted[k] = TextEdit.Apply(wanted[k], edit.Edits[k]);
            foreach (var part in edit.Edits[k])
            {
                var chars = WithoutStrangers([.. _state.Find(_keys[k])!.Chars.Skip(part.Start).Take(part.Length)]);
                first ??= chars[0];
                for (var i = 0; i < chars.Length; i++)
                {
                    var text = i == 0 && part.Replacement.Length > 0 ? ShellQuoting.Write(part.Replacement, chars[0].Quote) : "";
                    Of(chars[i].File).Add(new TextEdit(chars[i].Offset, chars[i].Length, text));
                }
            }
        }

        HashSet<TextEdit> Of(int file) => edits.TryGetValue(file, out var set) ? set : edits[file] = [];
        ShellSource[] sources = [.. _sources.Select((source, i) => edits.TryGetValue(i, out var set)
            ? source with { Text = TextEdit.Apply(source.Text, set) }
            : source)];
        if (!Holds(sources, wanted))
        {
            throw Refused(ObstacleAt(first!.Value, "the value is used in more than one place"));
        }

        if (sources.Zip(_sources).Any(pair => pair.First.Text != pair.Second.Text && !IsEditable(pair.Second)))
        {
            throw Refused(ObstacleAt(first!.Value, "the file belongs to a package, and an update overwrites edits"));
        }

        Take(sources);
    }

    /// <summary>A blank beside a parameter goes only where it stands beside it in the file too: else it parts other words there.</summary>
    private static ShellChar[] WithoutStrangers(ShellChar[] chars)
    {
        if (chars.Length > 1 && chars[0].Value is (' ' or '\t') && !AreNeighbours(chars[0], chars[1]))
        {
            chars = chars[1..];
        }

        return chars.Length > 1 && chars[^1].Value is (' ' or '\t') && !AreNeighbours(chars[^2], chars[^1]) ? chars[..^1] : chars;
    }

    private static bool AreNeighbours(ShellChar one, ShellChar next) => one.File == next.File && one.Offset + one.Length == next.Offset;

    private void Append(string key, BootParameter parameter)
    {
        ShellAssignment[] candidates = [.. _state.Assignments.Where(a => a.Name == key && IsEditable(_sources[a.File]))];
        var wanted = Values;
        var k = Array.IndexOf(_keys, key);
        string[] before = [.. CommandLineText.Split(wanted[k]).Select(t => t.Parameter.Text)];
        foreach (var sources in Attempts(key, parameter.Text, candidates))
        {
            var state = ShellState.Evaluate(sources);
            if (state.Find(key) is not { IsCertain: true } variable || !IsWithOneMore(variable.Text, before, parameter.Text))
            {
                continue;
            }

            string[] result = [.. wanted];
            result[k] = variable.Text;
            if (!Holds(sources, result))
            {
                continue;
            }

            Take(sources);
            return;
        }

        (var file, var offset) = candidates is [.., var last] ? (last.File, last.Word.Start) : (0, _sources[0].Text.Length);
        (var number, var line) = _sources[file].LineAt(offset);
        throw new BootUncertainException(_sources[file].Path, number, line, "no place was found where the parameter would have effect");
    }

    private static bool IsEditable(ShellSource source) => !source.IsIncluded || source.Path.StartsWith("/etc/", StringComparison.Ordinal);

    private IEnumerable<ShellSource[]> Attempts(string key, string parameter, ShellAssignment[] candidates)
    {
        if (candidates.Length == 0)
        {
            var text = _sources[0].Text;
            var line = $"{key}=\"{ShellQuoting.Write(parameter, ShellQuote.Double)}\"";
            yield return With(0, text.Length == 0 || text.EndsWith('\n') ? text + line + "\n" : text + "\n" + line);

            // The last line may end in a backslash, which takes the next one for its own.
            yield return With(0, text + "\n" + line + "\n");
        }

        var chars = _state.Find(key)?.Chars ?? [];
        CommandLineText.Split(ValueOf(key), out var end, out _);
        if (end < chars.Count)
        {
            var at = chars[end];
            if (!IsEditable(_sources[at.File]))
            {
                yield break;
            }

            yield return With(at.File, _sources[at.File].Text.Insert(at.Offset, ShellQuoting.Write(parameter + " ", at.Quote)));
            yield break;
        }

        foreach (var candidate in candidates)
        {
            yield return With(candidate.File, ShellQuoting.AppendTo(_sources[candidate.File].Text, candidate.Word, parameter));
        }
    }

    private ShellSource[] With(int file, string text) => [.. _sources.Select((source, i) => i == file ? source with { Text = text } : source)];

    private static bool IsWithOneMore(string value, string[] before, string parameter)
    {
        string[] after = [.. CommandLineText.Split(value).Select(t => t.Parameter.Text)];
        if (after.Length != before.Length + 1)
        {
            return false;
        }

        var at = Array.LastIndexOf(after, parameter);
        return at >= 0 && after.Where((_, i) => i != at).SequenceEqual(before);
    }

    /// <summary>Whether a shell would end up with these values, and with the same as now in every other variable.</summary>
    private bool Holds(ShellSource[] sources, string[] values)
    {
        var state = ShellState.Evaluate(sources);
        for (var k = 0; k < _keys.Length; k++)
        {
            var after = state.Find(_keys[k]);
            var certain = _state.Find(_keys[k]) is null or { IsCertain: true };
            if (certain != (after is null or { IsCertain: true }) || (certain && !SameParameters(after?.Text ?? "", values[k])))
            {
                return false;
            }
        }

        foreach ((var name, var before) in _state.Variables)
        {
            if (_keys.Contains(name) || Feeds(name))
            {
                continue;
            }

            if (state.Find(name) is not { } after || after.IsCertain != before.IsCertain || after.Text != before.Text)
            {
                return false;
            }
        }

        return state.Variables.Keys.All(name => _keys.Contains(name) || _state.Variables.ContainsKey(name));
    }

    private static bool SameParameters(string one, string other) =>
        CommandLineText.Split(one).Select(t => t.Parameter.Text).SequenceEqual(CommandLineText.Split(other).Select(t => t.Parameter.Text));

    /// <summary>Whether a variable's own text is part of one of the keys' values: it may change with it.</summary>
    private bool Feeds(string name)
    {
        HashSet<(int, int)> origins = [.. _keys.SelectMany(key => _state.Find(key)?.Chars ?? []).Select(c => (c.File, c.Offset))];
        return _state.Assignments.Any(a => a.Name == name && a.Word.Chars.Any(c => c.File == a.File
            && c.Offset >= a.Word.Start && c.Offset < a.Word.End && origins.Contains((c.File, c.Offset))));
    }

    private void Take(ShellSource[] sources)
    {
        _sources = sources;
        _state = ShellState.Evaluate(sources);
    }
}
