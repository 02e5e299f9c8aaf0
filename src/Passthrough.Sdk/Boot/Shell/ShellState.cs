namespace Passthrough.Sdk.Boot.Shell;

/// <summary>
/// What a POSIX shell would hold after it had sourced some files one after the other, as far as that is certain.
/// Nothing is executed.
/// </summary>
internal sealed class ShellState
{
    private readonly Dictionary<string, ShellVariable> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _functionTexts = new(StringComparer.Ordinal);
    private readonly Stack<int> _reading = [];
    private readonly Func<string, byte[]?>? _read;
    private readonly List<ShellSource> _files;
    private ShellObstacle? _everything;
    private ShellObstacle? _foreign;

    private ShellState(IEnumerable<ShellSource> files, Func<string, byte[]?>? read)
    {
        _files = [.. files];
        _read = read;
    }

    /// <summary>The files that were given, and behind them those that they source.</summary>
    public IReadOnlyList<ShellSource> Files => _files;

    /// <summary>The assignments that were reached, in order.</summary>
    public List<ShellAssignment> Assignments { get; } = [];

    /// <summary>The line behind which the shell's way is not certain (it may leave, or not understand); null if there is none.</summary>
    public ShellObstacle? End { get; private set; }

    /// <summary>The names that were assigned or spoiled.</summary>
    public IReadOnlyDictionary<string, ShellVariable> Variables => _variables;

    /// <summary>Reads the files in their order.</summary>
    /// <param name="files">The files; those that are only sourced by others may be among them.</param>
    /// <param name="read">Reads a file that one of them sources and that is not among them; null to have none read.</param>
    public static ShellState Evaluate(IReadOnlyList<ShellSource> files, Func<string, byte[]?>? read = null)
    {
        var state = new ShellState(files, read);
        for (var i = 0; i < files.Count && state.End is null; i++)
        {
            if (!files[i].IsIncluded)
            {
                state.Read(i);
            }
        }

        return state;
    }

    /// <summary>Returns the final value of a variable; null if no line sets it.</summary>
    public ShellVariable? Find(string name)
    {
        if (End is not null)
        {
            return new ShellVariable([], End);
        }

        if (_variables.TryGetValue(name, out var variable))
        {
            return variable;
        }

        return _everything is null ? null : new ShellVariable([], _everything);
    }

    internal void Assign(ShellAssignment assignment, ShellObstacle? obstacle)
    {
        Assignments.Add(assignment);
        _variables[assignment.Name] = new ShellVariable(obstacle is null ? assignment.Word.Chars : [], obstacle);
    }

    internal void Unset(string name) => _variables[name] = new ShellVariable([], null);

    /// <summary>The variable may hold anything from here on, until it is assigned again.</summary>
    internal void Spoil(string name, ShellObstacle obstacle) => _variables[name] = new ShellVariable([], obstacle);

    /// <summary>Every variable may hold anything from here on, until it is assigned again.</summary>
    internal void SpoilEverything(ShellObstacle obstacle)
    {
        _everything = obstacle;
        foreach (var name in _variables.Keys.ToArray())
        {
            Spoil(name, obstacle);
        }
    }

    /// <summary>Reads a file that another one sources at this point, as the shell does; false if it cannot be read here.</summary>
    internal bool Include(string path, ShellObstacle at)
    {
        const int Deepest = 8;
        var file = _files.FindIndex(f => f.IsIncluded && f.Path == path);
        if (file < 0)
        {
            if (_read?.Invoke(path) is not { } content)
            {
                return false;
            }

            file = _files.Count;
            _files.Add(ShellSource.FromBytes(path, content) with { IsIncluded = true });
        }

        // An edit of a file that is read twice would count twice.
        if (_reading.Contains(file) || _reading.Count > Deepest || _files.Exists(f => !f.IsIncluded && f.Path == path))
        {
            Stop(at with { Reason = "the files include each other, or are nested too deeply" });
            return true;
        }

        Read(file);
        return true;
    }

    /// <summary>Code that is not here ran: it may have defined functions of any name, so that no command is known any more.</summary>
    internal void RunForeign(ShellObstacle obstacle) => _foreign ??= obstacle;

    /// <summary>The place where code ran that may have defined any function; null if there is none.</summary>
    internal ShellObstacle? Foreign => _foreign;

    /// <summary>It is unknown which part of the rest is read.</summary>
    internal void Stop(ShellObstacle obstacle) => End ??= obstacle;

    private void Read(int file)
    {
        _reading.Push(file);
        new ShellReader(_files[file], file, this).Read();
        _reading.Pop();
    }

    internal void Define(string function, string text, bool leaves)
    {
        _functions[function] = leaves;
        _functionTexts[function] = text;
    }

    /// <summary>The text of a function that the files define; null if there is none of that name.</summary>
    internal string? FunctionText(string name, out bool leaves)
    {
        leaves = _functions.GetValueOrDefault(name);
        return _functionTexts.GetValueOrDefault(name);
    }
}
