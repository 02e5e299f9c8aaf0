using System.Collections.Frozen;

namespace Passthrough.Sdk.Boot.Shell;

/// <summary>A statement that is not a plain assignment: where it ends, and what it might do.</summary>
internal sealed class ShellOpaque
{
    private static readonly FrozenSet<string> Leaving = FrozenSet.ToFrozenSet(
        ["exit", "return", "exec", "readonly", "set", "trap", "alias", "shopt", "logout", "break", "continue", "kill", "suspend", "export", "unset",
            "local", "shift", "declare", "typeset"],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> Wild = FrozenSet.ToFrozenSet(
    [
        "eval", ".", "source", "read", "let", "getopts", "mapfile", "readarray", "command",
        "builtin", "printf", "enable", "wait", "fc", "jobs", "compgen", "complete", "bind",
    ], StringComparer.Ordinal);

    // What runs text that is not here, or a command that is only named in it.
    private static readonly FrozenSet<string> RunsText = FrozenSet.ToFrozenSet(
        ["eval", ".", "source", "command", "builtin", "enable", "mapfile", "readarray", "fc", "jobs", "complete", "bind"], StringComparer.Ordinal);

    private readonly ShellGrammar _grammar = new();

    /// <summary>Whether the head of a function was read and its body was not.</summary>
    private bool _awaitsBody;

    /// <summary>The offset behind the statement.</summary>
    public int End { get; private set; }

    /// <summary>The commands that it would run, as far as their names stand there.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>The name of the function that it defines; null if it defines none.</summary>
    public string? Function { get; private set; }

    /// <summary>Whether the shell might not go on behind it as usual.</summary>
    public bool Leaves { get; private set; }

    /// <summary>Whether it may set variables that it does not name.</summary>
    public bool MaySetAnything { get; private set; }

    /// <summary>Whether code may run that does not stand here, and that may define functions.</summary>
    public bool RunsCode { get; private set; }

    /// <summary>Whether it sources another file.</summary>
    public bool ReadsFile { get; private set; }

    /// <summary>What it is, in a few words.</summary>
    public string Reason { get; private set; } = "a command, not an assignment";

    /// <summary>Reads the statement that begins at an offset.</summary>
    /// <exception cref="ShellSyntaxException">Its end is not certain.</exception>
    public static ShellOpaque Read(string text, int start)
    {
        var statement = new ShellOpaque();
        statement.Scan(text, start);
        return statement;
    }

    private void Scan(string text, int start)
    {
        var at = start;
        while (true)
        {
            at = ShellText.SkipBlanks(text, at);
            if (at >= text.Length)
            {
                End = at;
                _grammar.EndOfFile(start);
                return;
            }

            var c = text[at];
            if (c == '#')
            {
                var end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end;
            }
            else if (c == ';' && at + 1 < text.Length && text[at + 1] == ';')
            {
                _grammar.CaseEnd(at);
                at += 2;
            }
            else if (c is '\n' or ';')
            {
                at++;
                if (c == ';' ? _grammar.Separator(at - 1) : _grammar.Newline(at - 1))
                {
                    End = at;
                    return;
                }
            }
            else if (ShellWordReader.IsMeta(c))
            {
                at = Operator(text, at);
            }
            else
            {
                at = Word(text, at);
            }
        }
    }

    private int Operator(string text, int at)
    {
        var c = text[at];
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (c)
        {
            case '<' when next == '<':
                throw new ShellSyntaxException(at, "a here-document");
            case '<' or '>':
                return Redirection(text, at, next);
            case '(':
                return Parenthesis(text, at, next);
            case ')':
                _grammar.CloseParenthesis(at);
                return at + 1;
            case '|' when _grammar.IsPattern:
                _grammar.PatternOr(at);
                return at + 1;
            case '&' when next != '&':
                Reason = "a command in the background";
                _ = _grammar.Separator(at);
                return at + 1;
            default:
                _grammar.Join(at, pipes: c == '|' && next != '|');
                Reason = "a command with a condition";
                return at + (next == c ? 2 : 1);
        }
    }

    private int Redirection(string text, int at, char next)
    {
        var target = ShellText.SkipBlanks(text, at + (next is '>' or '&' or '|' ? 2 : 1));
        var end = ShellText.SkipWord(text, target, out _);
        if (end == target || text[target] == '#')
        {
            throw new ShellSyntaxException(at, "a redirection has no target: the shell stops here");
        }

        _grammar.Redirection(at);
        return end;
    }

    private int Parenthesis(string text, int at, char next)
    {
        if (_grammar.IsPattern)
        {
            _grammar.PatternOpens(at);
            return at + 1;
        }

        if (!_grammar.TakesParenthesis)
        {
            if (Function is null && _grammar.IsOutside && Commands.Count == 1)
            {
                return FunctionHead(text, at);
            }

            throw new ShellSyntaxException(at, "a parenthesis is not allowed here");
        }

        MaySetAnything |= next == '(';
        _awaitsBody = false;
        _grammar.Open(at, "(");
        return at + 1;
    }

    private int FunctionHead(string text, int at)
    {
        var close = ShellText.SkipBlanks(text, at + 1);
        if (close >= text.Length || text[close] != ')')
        {
            throw new ShellSyntaxException(at, "a parenthesis is not allowed here");
        }

        Function = Commands[0];
        Commands.Clear();
        Leaves = MaySetAnything = false;
        _awaitsBody = true;
        _grammar.FunctionHead();
        return close + 1;
    }

    private int Word(string text, int at)
    {
        var end = ShellText.SkipWord(text, at, out var plain);
        var word = plain ? text[at..end] : ShellText.WithoutContinuations(text[at..end]);
        if (_awaitsBody && word != "{")
        {
            throw new ShellSyntaxException(at, "shells disagree about this form of a function");
        }

        if (word == "!" && _grammar.IsNegated)
        {
            throw new ShellSyntaxException(at, "shells disagree about two ! in a row");
        }

        _awaitsBody = false;
        if (_grammar.IsPattern && word != "esac")
        {
            _grammar.PatternWord(at);
            return end;
        }

        if (_grammar.TakesReserved && Reserved(text, at, word, ref end))
        {
            return end;
        }

        if (_grammar.TakesName)
        {
            Command(at, word, plain);
        }

        return end;
    }

    /// <summary>Whether a word is one of the grammar's own; then it is told of it.</summary>
    private bool Reserved(string text, int at, string word, ref int end)
    {
        switch (word)
        {
            case "if" or "while" or "until" or "{":
                _grammar.Open(at, word);
                Reason = "an assignment under a condition";
                return true;
            case "for":
                end = ForHead(text, end);
                Reason = "an assignment under a condition";
                return true;
            case "case":
                end = CaseHead(text, end);
                Reason = "an assignment under a condition";
                return true;
            case "then":
                _grammar.GoOn(at, word, "if", "elif");
                return true;
            case "else" or "elif":
                _grammar.GoOn(at, word, "then");
                return true;
            case "do":
                _grammar.GoOn(at, word, "for", "while", "until");
                return true;
            case "fi":
                _grammar.Close(at, "then", "else");
                return true;
            case "done":
                _grammar.Close(at, "do");
                return true;
            case "}":
                _grammar.Close(at, "{");
                return true;
            case "esac":
                _grammar.Close(at, "pattern", "body");
                return true;
            case "!":
                _grammar.Negate(at);
                return true;
            case "function" or "select" or "coproc" or "[[" or "time":
                throw new ShellSyntaxException(at, $"shells disagree about the word {word}");
            default:
                return false;
        }
    }

    /// <summary>Steps over <c>NAME in WORDS</c>, up to the <c>do</c>.</summary>
    private int ForHead(string text, int at)
    {
        var start = ShellText.SkipBlanks(text, at);
        var end = ShellText.SkipWord(text, start, out var plain);
        if (!plain || end == start || ShellText.Names(text.AsSpan(start, end - start)).FirstOrDefault() != text[start..end])
        {
            throw new ShellSyntaxException(start, "shells disagree about this form of a loop");
        }

        _grammar.Open(at, "for");
        Leaves |= ShellDynamic.IsUnsettable(text[start..end]);
        var next = ShellText.SkipBlanks(text, end);
        if (next < text.Length && text[next] == ';')
        {
            return next + 1;
        }

        next = SkipLines(text, next);
        end = ShellText.SkipWord(text, next, out _);
        if (text[next..end] != "in")
        {
            return next;
        }

        while ((next = ShellText.SkipBlanks(text, end)) < text.Length && !ShellWordReader.IsMeta(text[next]) && text[next] != '#')
        {
            end = ShellText.SkipWord(text, next, out _);
        }

        if (next < text.Length && text[next] is not ('\n' or ';' or '#'))
        {
            throw ShellGrammar.Broken(next);
        }

        return next < text.Length && text[next] == ';' ? next + 1 : next;
    }

    /// <summary>Steps over <c>WORD in</c>.</summary>
    private int CaseHead(string text, int at)
    {
        var start = ShellText.SkipBlanks(text, at);
        var end = ShellText.SkipWord(text, start, out _);
        var next = SkipLines(text, end);
        var last = ShellText.SkipWord(text, next, out _);
        if (end == start || text[next..last] != "in")
        {
            throw ShellGrammar.Broken(at);
        }

        _grammar.Open(at, "pattern");
        return last;
    }

    private static int SkipLines(string text, int at)
    {
        while ((at = ShellText.SkipBlanks(text, at)) < text.Length && text[at] == '\n')
        {
            at++;
        }

        return at;
    }

    private void Command(int at, string word, bool plain)
    {
        var equals = word.IndexOf('=');
        if (equals > 0 && word[equals - 1] == '+')
        {
            Reason = "+= adds to a value in some shells and is an error in others";
        }
        else if (equals > 0 && ShellText.Names(word.AsSpan(0, equals)).FirstOrDefault() == word[..equals])
        {
            _grammar.Assignment(at);
            Leaves |= ShellDynamic.IsUnsettable(word[..equals]);
            return;
        }
        else if (!plain)
        {
            MaySetAnything = RunsCode = true;
        }

        _grammar.Name(at);
        Commands.Add(word);
        Leaves |= Leaving.Contains(word);
        if (Wild.Contains(word))
        {
            MaySetAnything = true;
            RunsCode |= RunsText.Contains(word);
            ReadsFile |= word is "." or "source";
        }
    }
}
