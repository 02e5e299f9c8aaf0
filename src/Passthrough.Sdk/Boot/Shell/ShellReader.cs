namespace Passthrough.Sdk.Boot.Shell;

/// <summary>Reads the statements of one file that a shell would source. Assignments are evaluated; other statements are only analysed and never run.</summary>
internal sealed class ShellReader(ShellSource source, int file, ShellState state)
{
    private readonly string _text = source.Text;
    private int _at;

    /// <summary>Reads the whole file and updates the state.</summary>
    public void Read()
    {
        try
        {
            while (state.End is null && SkipToStatement())
            {
                Statement();
            }
        }
        catch (ShellSyntaxException problem)
        {
            state.Stop(Obstacle(problem.Offset, problem.Message));
        }
    }

    private ShellObstacle Obstacle(int offset, string reason)
    {
        (var number, var line) = source.LineAt(offset);
        return new ShellObstacle(file, number, line, reason);
    }

    private bool SkipToStatement()
    {
        while (_at < _text.Length)
        {
            SkipBlanks();
            if (_at >= _text.Length)
            {
                return false;
            }

            if (_text[_at] == '\n')
            {
                _at++;
            }
            else if (_text[_at] == '#')
            {
                SkipComment();
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private void SkipBlanks() => _at = ShellText.SkipBlanks(_text, _at);

    private void SkipComment()
    {
        var end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private void Statement()
    {
        var start = _at;
        if (Assignments(exported: false) || Export() || Unset() || Included())
        {
            return;
        }

        _at = start;
        Opaque(start);
    }

    /// <summary>Reads <c>A=word B=word</c> to the end of the statement; false, with nothing done, where a command follows.</summary>
    private bool Assignments(bool exported)
    {
        // The words are read one after the other with what came before in force, as shells do; a command behind them
        // would get them as its environment only, which is why a first pass looks at the end of the statement.
        if (!exported && !EndsAsAssignments(_at))
        {
            return false;
        }

        while (!AtEnd())
        {
            var nameEnd = NameEnd(_at);
            var name = _text[_at..nameEnd];
            if (exported && (nameEnd >= _text.Length || _text[nameEnd] != '='))
            {
                _at = nameEnd;
                SkipBlanks();
                continue;
            }

            var wordStart = nameEnd + 1;
            var word = new ShellWordReader(source, file, state, wordStart).Read();
            _at = word.End;
            var doubt = word.Uncertain;
            if (exported && doubt is null && word.HasBareExpansion)
            {
                doubt = (wordStart, "some shells split the arguments of export into words");
            }

            if (ShellDynamic.IsUnsettable(name))
            {
                state.Stop(Obstacle(wordStart, $"{name} is a variable of the shell itself, and setting it changes what the shell does next"));
                return true;
            }

            SpoilMentioned(wordStart, word.End, name, doubt);
            state.Assign(new ShellAssignment(name, file, word), doubt is { } d ? Obstacle(d.Offset, d.Reason) : null);
            SkipBlanks();
        }

        EndStatement();
        return true;
    }

    /// <summary>An expansion may assign as well: <c>${NAME:=word}</c>, <c>$((NAME=1))</c>.</summary>
    private void SpoilMentioned(int start, int end, string own, (int Offset, string Reason)? doubt)
    {
        if (doubt is null || doubt.Value.Reason.StartsWith("the output", StringComparison.Ordinal))
        {
            return;
        }

        var text = _text.AsSpan(start, end - start);
        if (!text.Contains('='))
        {
            return;
        }

        foreach (var name in ShellText.Names(text))
        {
            if (name != own)
            {
                state.Spoil(name, Obstacle(doubt.Value.Offset, doubt.Value.Reason));
            }
        }
    }

    private bool EndsAsAssignments(int at)
    {
        var saved = _at;
        _at = at;
        try
        {
            var any = false;
            while (!AtEnd())
            {
                var nameEnd = NameEnd(_at);
                if (nameEnd == _at || nameEnd >= _text.Length || _text[nameEnd] != '=')
                {
                    return false;
                }

                _at = ShellText.SkipWord(_text, nameEnd + 1, out _);
                if (_at < _text.Length && _text[_at] is '(' or ')' or '&' or '|' or '<' or '>')
                {
                    return false;
                }

                SkipBlanks();
                any = true;
            }

            return any;
        }
        finally
        {
            _at = saved;
        }
    }

    private bool Export()
    {
        if (!Keyword("export") || !EndsAsNames(allowValues: true))
        {
            return false;
        }

        return Assignments(exported: true);
    }

    private bool Unset()
    {
        if (!Keyword("unset") || !EndsAsNames(allowValues: false))
        {
            return false;
        }

        while (!AtEnd())
        {
            var end = NameEnd(_at);
            state.Unset(_text[_at..end]);
            _at = end;
            SkipBlanks();
        }

        EndStatement();
        return true;
    }

    /// <summary>Reads <c>. /PATH</c>, where the file can be read here and the shell is certain to source it.</summary>
    private bool Included()
    {
        var start = _at;
        if (!Keyword(".") || AtEnd())
        {
            _at = start;
            return false;
        }

        // A relative name is looked for along PATH.
        var word = new ShellWordReader(source, file, state, _at).Read();
        _at = word.End;
        SkipBlanks();
        var path = string.Concat(word.Chars.Select(c => c.Value));
        if (word.Uncertain is not null || word.HasBareExpansion || !AtEnd() || !path.StartsWith('/') || path.AsSpan().ContainsAny("*?["))
        {
            _at = start;
            return false;
        }

        EndStatement();
        if (state.Include(path, Obstacle(start, "another file is read here")))
        {
            return true;
        }

        _at = start;
        return false;
    }

    private bool Keyword(string word)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0
            || _at + word.Length >= _text.Length || _text[_at + word.Length] is not (' ' or '\t')
            || state.FunctionText(word, out _) is not null)
        {
            return false;
        }

        _at += word.Length;
        SkipBlanks();
        return true;
    }

    private bool EndsAsNames(bool allowValues)
    {
        var saved = _at;
        try
        {
            var any = false;
            while (!AtEnd())
            {
                var end = NameEnd(_at);
                if (end == _at)
                {
                    return false;
                }

                _at = end;
                if (allowValues && _at < _text.Length && _text[_at] == '=')
                {
                    var start = ++_at;
                    _at = ShellText.SkipWord(_text, _at, out var plain);
                    if (plain && _text.AsSpan(start, _at - start).ContainsAny("*?[~"))
                    {
                        return false;
                    }
                }

                if (_at < _text.Length && _text[_at] is not (' ' or '\t' or '\n' or ';' or '\\'))
                {
                    return false;
                }

                SkipBlanks();
                any = true;
            }

            return any;
        }
        finally
        {
            _at = saved;
        }
    }

    private int NameEnd(int at)
    {
        var end = at;
        while (end < _text.Length && ShellExpansion.IsNameChar(_text[end], end == at))
        {
            end++;
        }

        return end;
    }

    private bool AtEnd() => _at >= _text.Length || _text[_at] is '\n' or '#' || (_text[_at] == ';' && (_at + 1 >= _text.Length || _text[_at + 1] != ';'));

    private void EndStatement()
    {
        if (_at < _text.Length && _text[_at] == '#')
        {
            SkipComment();
        }

        if (_at < _text.Length)
        {
            _at++;
        }
    }

    /// <summary>Steps over a statement that is no assignment, and marks what it may have changed.</summary>
    private void Opaque(int start)
    {
        var statement = ShellOpaque.Read(_text, start);
        _at = statement.End;
        var text = ShellText.WithoutContinuations(_text[start..statement.End]);
        ShellObstacle Because(string reason) => Obstacle(start, reason);
        if (statement.Function is { } function)
        {
            state.Define(function, text, statement.Leaves || statement.MaySetAnything);
            return;
        }

        if (statement.Leaves)
        {
            state.Stop(Because("the shell may stop here, or change how it reads the rest"));
            return;
        }

        if (state.Foreign is { } foreign && statement.Commands.Count > 0)
        {
            state.SpoilEverything(Because($"{statement.Commands[0]} may be a function that line {foreign.Line} defined ({foreign.Reason})"));
        }

        if (statement.MaySetAnything)
        {
            var everything = Because(statement.ReadsFile ? "another file is read here" : "this may set anything");
            state.SpoilEverything(everything);
            if (statement.RunsCode)
            {
                state.RunForeign(everything);
            }
        }

        foreach (var command in statement.Commands)
        {
            if (state.FunctionText(command, out var leaves) is not { } body)
            {
                continue;
            }

            if (leaves)
            {
                state.RunForeign(Because($"the function {command} may run anything"));
            }

            if (leaves || ShellText.Names(body).Any(name => name != command && state.FunctionText(name, out _) is not null))
            {
                state.SpoilEverything(Because($"the function {command} may set anything"));
            }

            foreach (var name in ShellText.Names(body))
            {
                state.Spoil(name, Because($"the function {command} may set {name}"));
            }
        }

        foreach (var name in ShellText.Names(text))
        {
            state.Spoil(name, Because(statement.Reason));
        }
    }
}
