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
        foreach (string name in change.Remove)
        {
            int equals = name.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                edit.Remove(name);
            else
                edit.RemoveWord(name[..equals], name[(equals + 1)..]);
        }

        foreach ((string name, string word) in change.RemoveWords)
            edit.RemoveWord(name, word);
        foreach (BootParameter parameter in change.Add)
            edit.Add(parameter);
        return edit;
    }

    /// <summary>Edits a command line that is one text: what is missing goes to its end.</summary>
    public static string Apply(string line, BootChange change)
    {
        CommandLineEdit edit = Compute([line], change);
        string text = TextEdit.Apply(line, edit.Edits[0]);
        foreach (BootParameter parameter in edit.Missing)
            text = Append(text, parameter.Text);
        return text;
    }

    /// <summary>The text that puts a parameter behind (or before a <c>--</c> of) a value that is there already.</summary>
    public static string Append(string value, string parameter)
    {
        CommandLineText.Split(value, out int end, out _);
        if (end < value.Length)
            return value.Insert(end, parameter + " ");
        return value.Length == 0 ? parameter : value + " " + parameter;
    }

    private IEnumerable<(int Part, CommandLineToken Token)> Named(string name) =>
        from part in Enumerable.Range(0, _parts.Length)
        from token in _tokens[part]
        where token.Parameter.IsNamed(name) && !_gone.Contains((part, token.Start))
        select (part, token);

    private void Remove(string name)
    {
        foreach ((int part, CommandLineToken token) in Named(name).ToArray())
            Delete(part, token);
    }

    private void Delete(int part, CommandLineToken token)
    {
        _gone.Add((part, token.Start));
        string text = _parts[part];
        // One blank goes with it: the one before, or else the one behind; two neighbours never take the same one.
        bool before = token.Start > 0 && text[token.Start - 1] is (' ' or '\t') && _blanks.Add((part, token.Start - 1));
        bool after = !before && token.End < text.Length && text[token.End] is (' ' or '\t') && _blanks.Add((part, token.End));
        _edits[part].Add(new TextEdit(token.Start - (before ? 1 : 0), token.Length + (before || after ? 1 : 0), ""));
    }

    private void Replace(int part, CommandLineToken token, string text)
    {
        _gone.Add((part, token.Start));
        _edits[part].Add(new TextEdit(token.Start, token.Length, text));
    }

    private void RemoveWord(string name, string word)
    {
        foreach ((int part, CommandLineToken token) in Named(name).ToArray())
        {
            if (token.Parameter.Value == word)
            {
                Delete(part, token);
                continue;
            }

            string[] words = ParameterWords.Words(token.Parameter);
            string[] left = [.. words.Where(w => !w.Replace('-', '_').Equals(word.Replace('-', '_'), StringComparison.Ordinal))];
            if (left.Length == words.Length)
                continue;
            if (left.Length == 0)
                Delete(part, token);
            else
                Replace(part, token, $"{token.Parameter.Name}={string.Join(',', left)}");
        }
    }

    private void Add(BootParameter parameter)
    {
        (int Part, CommandLineToken Token)[] present = [.. Named(parameter.Name)];
        if (ParameterWords.IsWordList(parameter.Name))
            AddWords(parameter, present);
        else if (ParameterWords.IsSingleValued(parameter.Name) && present.Length > 0)
            AddSingle(parameter, present);
        else if (!present.Any(p => p.Token.Parameter.Matches(parameter)))
            Missing.Add(parameter);
    }

    private void AddSingle(BootParameter parameter, (int Part, CommandLineToken Token)[] present)
    {
        (int part, CommandLineToken last) = present[^1];
        if (!last.Parameter.Matches(parameter))
            Replace(part, last, parameter.Text);
    }

    private void AddWords(BootParameter parameter, (int Part, CommandLineToken Token)[] present)
    {
        string[] wanted = ParameterWords.Words(parameter);
        bool written = false;
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int part, CommandLineToken token) in present)
        {
            string[] words = ParameterWords.Words(token.Parameter);
            string[] left = [.. words.Where(w => !wanted.Any(v => ParameterWords.AreOpposed(parameter.Name, v, w)))];
            kept.UnionWith(left);
            if (left.Length == words.Length && words.Length > 0)
                continue;
            if (left.Length > 0)
                Replace(part, token, $"{token.Parameter.Name}={string.Join(',', left)}");
            else if (written)
                Delete(part, token);
            else
            {
                Replace(part, token, parameter.Text);
                written = true;
            }
        }

        if (!written && !(wanted.Length > 0 && wanted.All(kept.Contains)))
            Missing.Add(parameter);
    }
}
