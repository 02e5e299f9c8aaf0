using System.Collections.Frozen;

namespace Passthrough.Sdk.Boot.Shell;

/// <summary>A statement that is not a plain assignment: where it ends, and what it might do.</summary>
internal sealed class ShellOpaque
{
    private static readonly FrozenSet<string> Leaving = FrozenSet.ToFrozenSet(
        ["exit", "return", "exec", "readonly", "set", "trap", "alias", "shopt", "logout", "break", "continue", "kill", "suspend", "export", "unset"],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> Wild = FrozenSet.ToFrozenSet(
    [
        "eval", ".", "source", "read", "declare", "typeset", "local", "let", "getopts", "mapfile", "readarray", "command",
        "builtin", "printf", "enable", "wait", "coproc",
    ], StringComparer.Ordinal);

    private readonly Stack<string> _open = [];

    /// <summary>The offset behind the statement.</summary>
    public int End { get; private set; }

    /// <summary>The commands that it would run, as far as their names stand there.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>The name of the function that it defines; null when it defines none.</summary>
    public string? Function { get; private set; }

    /// <summary>Whether the shell might not go on behind it as usual.</summary>
    public bool Leaves { get; private set; }

    /// <summary>Whether it may set variables that it does not name.</summary>
    public bool MaySetAnything { get; private set; }

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

    /// <summary>The names that could be variables in a text.</summary>
    public static IEnumerable<string> Names(ReadOnlySpan<char> text)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < text.Length;)
        {
            int end = i;
            while (end < text.Length && ShellExpansion.IsNameChar(text[end], end == i))
                end++;
            if (end > i)
                names.Add(text[i..end].ToString());
            i = Math.Max(end, i + 1);
        }

        return names;
    }

    public static string WithoutContinuations(string text) => text.Replace("\\\n", "", StringComparison.Ordinal);

    public static int SkipBlanks(string text, int at)
    {
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t')
                at++;
            else if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '\n')
                at += 2;
            else
                break;
        }

        return at;
    }

    /// <summary>The offset behind a word, without asking what it stands for.</summary>
    public static int SkipWord(string text, int at, out bool plain)
    {
        plain = true;
        while (at < text.Length && !ShellWordReader.IsMeta(text[at]))
        {
            char c = text[at];
            if (c == '\0')
                throw new ShellSyntaxException(at, "a NUL byte");
            plain &= c is not ('\'' or '"' or '\\' or '$' or '`');
            at = c switch
            {
                '\\' => Math.Min(at + 2, text.Length),
                '\'' => text.IndexOf('\'', at + 1) is >= 0 and int end ? end + 1 : throw new ShellSyntaxException(at, "the quote is never closed"),
                '"' => ShellExpansion.SkipDouble(text, at),
                '$' when at + 1 < text.Length && text[at + 1] is '\'' or '"' => throw new ShellSyntaxException(at, "shells disagree about $ before a quote"),
                '$' or '`' => ShellExpansion.End(text, at, out _),
                _ => at + 1,
            };
        }

        return at;
    }

    private void Scan(string text, int start)
    {
        int at = start;
        bool command = true;
        while (true)
        {
            at = SkipBlanks(text, at);
            if (at >= text.Length)
            {
                End = at;
                if (_open.Count > 0)
                    throw new ShellSyntaxException(start, $"{_open.Peek()} is never closed");
                return;
            }

            char c = text[at];
            if (at == start && (c is ';' or '&' or '|' or ')'))
                throw new ShellSyntaxException(at, "a sign where a command should begin");
            if (c == '#')
            {
                int end = text.IndexOf('\n', at);
                at = end < 0 ? text.Length : end;
            }
            else if (c is '\n' or ';')
            {
                at++;
                if (_open.Count == 0 && !(command && at - 1 > start && Function is not null))
                {
                    End = at;
                    return;
                }

                command = true;
            }
            else if (ShellWordReader.IsMeta(c))
            {
                at = Operator(text, at, ref command);
            }
            else
            {
                at = Word(text, at, ref command);
            }
        }
    }

    private int Operator(string text, int at, ref bool command)
    {
        char c = text[at];
        char next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (c)
        {
            case '<' when next == '<':
                throw new ShellSyntaxException(at, "a here-document");
            case '<' or '>':
                at = SkipBlanks(text, at + (next is '>' or '&' or '|' ? 2 : 1));
                return SkipWord(text, at, out _);
            case '(':
                if (command && next == '(')
                    MaySetAnything = true;
                else if (!command && Function is null && _open.Count == 0 && Commands.Count == 1)
                    return FunctionHead(text, at, ref command);
                _open.Push("(");
                command = true;
                return at + 1;
            case ')':
                if (_open.Count > 0 && _open.Peek() == "case")
                    command = true;
                else
                {
                    Close("(", at);
                    command = false;
                }

                return at + 1;
            default:
                command = true;
                Reason = c == '&' && next != '&' ? "a command in the background" : "a command with a condition";
                return at + (next == c ? 2 : 1);
        }
    }

    private int FunctionHead(string text, int at, ref bool command)
    {
        int close = SkipBlanks(text, at + 1);
        if (close >= text.Length || text[close] != ')')
            throw new ShellSyntaxException(at, "a parenthesis where none belongs");
        Function = Commands[0];
        Commands.Clear();
        Leaves = MaySetAnything = false;
        command = true;
        return close + 1;
    }

    private int Word(string text, int at, ref bool command)
    {
        int end = SkipWord(text, at, out bool plain);
        string word = plain ? text[at..end] : WithoutContinuations(text[at..end]);
        if (!command)
            return end;
        command = false;
        switch (word)
        {
            case "if" or "while" or "until" or "{":
                _open.Push(word);
                Reason = "an assignment under a condition";
                command = true;
                break;
            case "for" or "case" or "select":
                _open.Push(word);
                Reason = "an assignment under a condition";
                break;
            case "then" or "else" or "elif" or "do" or "!":
                command = true;
                break;
            case "fi":
                Close("if", at);
                break;
            case "esac":
                Close("case", at);
                break;
            case "}":
                Close("{", at);
                break;
            case "done":
                if (_open.Count == 0 || _open.Pop() is not ("for" or "while" or "until" or "select"))
                    throw new ShellSyntaxException(at, "a done where none belongs");
                break;
            case "function":
                throw new ShellSyntaxException(at, "shells disagree about the word function");
            default:
                Command(word, plain, ref command);
                break;
        }

        return end;
    }

    private void Command(string word, bool plain, ref bool command)
    {
        int equals = word.IndexOf('=');
        if (equals > 0 && word[equals - 1] == '+')
        {
            Reason = "+= adds to a value in some shells and is an error in others";
        }
        else if (equals > 0 && Names(word.AsSpan(0, equals)).FirstOrDefault() == word[..equals])
        {
            command = true;
            return;
        }
        else if (!plain)
        {
            MaySetAnything = true;
        }

        Commands.Add(word);
        Leaves |= Leaving.Contains(word);
        if (Wild.Contains(word))
        {
            MaySetAnything = true;
            ReadsFile |= word is "." or "source";
        }
    }

    private void Close(string opener, int at)
    {
        if (_open.Count == 0 || _open.Pop() != opener)
            throw new ShellSyntaxException(at, "a word or sign that closes nothing");
    }
}
