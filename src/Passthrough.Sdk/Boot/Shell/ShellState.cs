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
    private ShellObstacle? _everything;

    private ShellState()
    {
    }

    /// <summary>The assignments that were reached, in order.</summary>
    public List<ShellAssignment> Assignments { get; } = [];

    /// <summary>The line behind which the shell's way is not certain (it may leave, or not understand); null when there is none.</summary>
    public ShellObstacle? End { get; private set; }

    /// <summary>The names that were assigned or spoiled.</summary>
    public IReadOnlyDictionary<string, ShellVariable> Variables => _variables;

    /// <summary>Reads the files in their order.</summary>
    public static ShellState Evaluate(IReadOnlyList<ShellSource> files)
    {
        var state = new ShellState();
        for (int i = 0; i < files.Count && state.End is null; i++)
            new ShellReader(files[i], i, state).Read();
        return state;
    }

    /// <summary>What a variable holds in the end; null when no line touches it.</summary>
    public ShellVariable? Find(string name)
    {
        if (End is not null)
            return new ShellVariable([], End);
        if (_variables.TryGetValue(name, out ShellVariable? variable))
            return variable;
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
        foreach (string name in _variables.Keys.ToArray())
            Spoil(name, obstacle);
    }

    /// <summary>Nobody can tell what of the rest is read at all.</summary>
    internal void Stop(ShellObstacle obstacle) => End ??= obstacle;

    internal void Define(string function, string text, bool leaves)
    {
        _functions[function] = leaves;
        _functionTexts[function] = text;
    }

    /// <summary>The text of a function that the files define; null when there is none of that name.</summary>
    internal string? FunctionText(string name, out bool leaves)
    {
        leaves = _functions.GetValueOrDefault(name);
        return _functionTexts.GetValueOrDefault(name);
    }
}
