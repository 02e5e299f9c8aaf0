using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Boot.Text;

/// <summary>Works out what to change in the parts of a command line, so that a parameter is in force or gone.</summary>
/// <remarks>
/// A command line may be stored in parts (two GRUB variables, several <c>options</c> lines). The edits name positions in
/// each part; only whole parameters and one blank beside them are touched.
/// </remarks>
internal sealed class CommandLineEdit
{
    private readonly List<CommandLineToken>[] _tokens;
    private readonly List<TextEdit>[] _edits;
    private readonly string[] _parts;
    private readonly HashSet<(int Part, int Start)> _gone = [];
    private readonly HashSet<(int Part, int At)> _blanks = [];

    private CommandLineEdit(string[] parts)
    {
        _parts = parts;
        _tokens = [.. parts.Select(CommandLineText.Split)];
        _edits = [.. parts.Select(_ => new List<TextEdit>())];
    }

    /// <summary>The edits of each part, in the parts' order.</summary>
    public IReadOnlyList<IReadOnlyList<TextEdit>> Edits => _edits;

    /// <summary>The parameters that no part has yet; they go to a place of the caller's choice.</summary>
    public List<BootParameter> Missing { get; } = [];

    /// <summary>Whether anything has to change.</summary>
    public bool IsEmpty => Missing.Count == 0 && _edits.All(e => e.Count == 0);

    public static CommandLineEdit Compute(string[] parts, BootChange change)
    {
        var edit = new CommandLineEdit(parts);
        foreach (var name in change.Remove)
        {
            // What is to come as well stays where it stands: the same change made twice is made once.
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                edit.Remove(name, change.Add);
            }
            else if (!change.Add.Any(parameter => parameter.IsNamed(name[..equals]) && parameter.Value == name[(equals + 1)..]))
            {
                edit.RemoveWord(name[..equals], name[(equals + 1)..]);
            }
        }

        foreach ((var name, var word) in change.RemoveWords)
        {
            edit.RemoveWord(name, word);
        }

        for (var i = 0; i < change.Add.Count; i++)
        {
            if (!IsOverruled(change.Add[i], change.Add.Skip(i + 1)))
            {
                edit.Add(change.Add[i]);
            }
        }

        return edit;
    }

    /// <summary>Edits a command line that is one text: what is missing goes to its end.</summary>
    public static string Apply(string line, BootChange change)
    {
        var edit = Compute([line], change);
        var text = TextEdit.Apply(line, edit.Edits[0]);
        foreach (var parameter in edit.Missing)
        {
            text = Append(text, parameter.Text);
        }

        return text;
    }

    /// <summary>The text that puts a parameter behind (or before a <c>--</c> of) a value that is there already.</summary>
    public static string Append(string value, string parameter)
    {
        CommandLineText.Split(value, out var end, out _);
        if (end < value.Length)
        {
            return value.Insert(end, parameter + " ");
        }

        return value.Length == 0 ? parameter : value + " " + parameter;
    }

    private IEnumerable<(int Part, CommandLineToken Token)> Named(string name) =>
        from part in Enumerable.Range(0, _parts.Length)
        from token in _tokens[part]
        where token.Parameter.IsNamed(name) && !_gone.Contains((part, token.Start))
        select (part, token);

    private void Remove(string name, IReadOnlyList<BootParameter> wanted)
    {
        List<BootParameter> kept = [.. wanted.Where((parameter, i) => !IsOverruled(parameter, wanted.Skip(i + 1)))];
        foreach ((var part, var token) in Named(name).Reverse().ToArray())
        {
            if (kept.FindIndex(parameter => parameter.Matches(token.Parameter)) is >= 0 and var index)
            {
                kept.RemoveAt(index);
            }
            else
            {
                Delete(part, token);
            }
        }
    }

    private void Delete(int part, CommandLineToken token)
    {
        _gone.Add((part, token.Start));
        var text = _parts[part];
        // One blank goes with it: the one before, or else the one behind; two neighbours never take the same one.
        var before = token.Start > 0 && text[token.Start - 1] is (' ' or '\t') && _blanks.Add((part, token.Start - 1));
        var after = !before && token.End < text.Length && text[token.End] is (' ' or '\t') && _blanks.Add((part, token.End));
        _edits[part].Add(new TextEdit(token.Start - (before ? 1 : 0), token.Length + (before || after ? 1 : 0), ""));
    }

    private void Replace(int part, CommandLineToken token, string text)
    {
        _gone.Add((part, token.Start));
        _edits[part].Add(new TextEdit(token.Start, token.Length, text));
    }

    private void RemoveWord(string name, string word)
    {
        foreach ((var part, var token) in Named(name).ToArray())
        {
            if (token.Parameter.Value == word)
            {
                Delete(part, token);
                continue;
            }

            var words = ParameterWords.Words(token.Parameter);
            string[] left = [.. words.Where(w => !KernelNames.Same(w, word))];
            if (left.Length == words.Length)
            {
                continue;
            }

            if (left.Length == 0)
            {
                Delete(part, token);
            }
            else
            {
                Replace(part, token, $"{token.Parameter.Name}={string.Join(',', left)}");
            }
        }
    }

    private void Add(BootParameter parameter)
    {
        (int Part, CommandLineToken Token)[] present = [.. Named(parameter.Name)];
        if (ParameterWords.IsInForce(parameter, [.. present.Select(p => p.Token.Parameter)]))
        {
            return;
        }

        if (ParameterWords.IsWordList(parameter.Name))
        {
            AddWords(parameter, present);
        }
        else if (ParameterWords.IsSingleValued(parameter.Name) && present.Length > 0)
        {
            Replace(present[^1].Part, present[^1].Token, parameter.Text);
        }
        else
        {
            // At the end it is right for a setting of which the last one counts, and for one that adds up.
            Missing.Add(parameter);
        }
    }

    /// <summary>Whether a later parameter of the same change makes this one void.</summary>
    private static bool IsOverruled(BootParameter parameter, IEnumerable<BootParameter> later) => later.Any(other => other.IsNamed(parameter.Name)
        && (ParameterWords.IsWordList(parameter.Name)
            ? ParameterWords.Words(parameter).Any(one => ParameterWords.Words(other).Any(two => ParameterWords.AreOpposed(parameter.Name, one, two)))
            : !ParameterWords.Accumulates(parameter.Name)));

    private void AddWords(BootParameter parameter, (int Part, CommandLineToken Token)[] present)
    {
        var wanted = ParameterWords.Words(parameter);
        var kept = present.SelectMany(p => Left(p.Token)).ToHashSet(StringComparer.Ordinal);
        var written = wanted.Length > 0 && wanted.All(kept.Contains);
        foreach ((var part, var token) in present)
        {
            var words = ParameterWords.Words(token.Parameter);
            var left = Left(token);
            if (left.Length == words.Length && words.Length > 0)
            {
                continue;
            }

            if (left.Length > 0)
            {
                Replace(part, token, $"{token.Parameter.Name}={string.Join(',', left)}");
            }
            else if (written)
            {
                Delete(part, token);
            }
            else
            {
                Replace(part, token, parameter.Text);
                written = true;
            }
        }

        if (!written)
        {
            Missing.Add(parameter);
        }

        string[] Left(CommandLineToken token) =>
            [.. ParameterWords.Words(token.Parameter).Where(word => !wanted.Any(other => ParameterWords.AreOpposed(parameter.Name, other, word)))];
    }
}
