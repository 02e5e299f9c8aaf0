namespace Passthrough.Sdk.Boot.Shell;

/// <summary>Reads one word of POSIX shell text: quotes, escapes, continuations, references to variables that are known.</summary>
/// <remarks>
/// The grammar is POSIX.1-2017, Shell Command Language, 2.2 (quoting) and 2.6 (expansions). What shells disagree about
/// (<c>$'..'</c>, <c>$".."</c>) and what would have to be run is not certain; where even the end of the word is not
/// certain, reading stops with <see cref="ShellSyntaxException"/>.
/// </remarks>
internal ref struct ShellWordReader(ShellSource source, int file, ShellState state, int start)
{
    private readonly string _text = source.Text;
    private readonly List<ShellChar> _chars = [];
    private readonly int _start = start;
    private int _at = start;
    private (int Offset, string Reason)? _uncertain;
    private ShellQuote _closedBy;
    private bool _plain = true;
    private bool _bareExpansion;

    public ShellWord Read()
    {
        var tildeExpands = true;
        while (_at < _text.Length && !IsMeta(_text[_at]))
        {
            var c = _text[_at];
            var tilde = tildeExpands && c == '~';
            tildeExpands = c == ':';
            _closedBy = ShellQuote.None;
            switch (c)
            {
                case '\'':
                    Single();
                    break;
                case '"':
                    Double();
                    break;
                case '\\':
                    Escape();
                    break;
                case '$' when _at + 1 < _text.Length && _text[_at + 1] is '\'' or '"':
                    throw new ShellSyntaxException(_at, "shells disagree about $ before a quote");
                case '$':
                case '`':
                    _bareExpansion = true;
                    Expansion(ShellQuote.None);
                    break;
                case '\0':
                    throw new ShellSyntaxException(_at, "a NUL byte");
                default:
                    if (tilde)
                    {
                        Doubt(_at, "the tilde is expanded to a home directory");
                    }

                    Add(c, 1, ShellQuote.None);
                    break;
            }
        }

        return new ShellWord
        {
            Start = _start,
            End = _at,
            Chars = _chars,
            Uncertain = _uncertain,
            IsPlain = _plain,
            ClosedBy = _closedBy,
            HasBareExpansion = _bareExpansion,
        };
    }

    public static bool IsMeta(char c) => c is ' ' or '\t' or '\n' or ';' or '&' or '|' or '<' or '>' or '(' or ')';

    private void Add(char c, int length, ShellQuote quote)
    {
        _chars.Add(new ShellChar(c, file, _at, length, quote));
        _at += length;
    }

    private void Doubt(int offset, string reason) => _uncertain ??= (offset, reason);

    private void Single()
    {
        var open = _at++;
        _plain = false;
        while (_at < _text.Length && _text[_at] != '\'')
        {
            if (_text[_at] == '\0')
            {
                throw new ShellSyntaxException(_at, "a NUL byte");
            }

            Add(_text[_at], 1, ShellQuote.Single);
        }

        if (_at >= _text.Length)
        {
            throw new ShellSyntaxException(open, "the quote is never closed");
        }

        _at++;
        _closedBy = ShellQuote.Single;
    }

    private void Double()
    {
        var open = _at++;
        _plain = false;
        while (_at < _text.Length && _text[_at] != '"')
        {
            var c = _text[_at];
            if (c == '\\' && _at + 1 < _text.Length && _text[_at + 1] == '\n')
            {
                _at += 2;
            }
            else if (c == '\\' && _at + 1 < _text.Length && _text[_at + 1] is '$' or '`' or '"' or '\\')
            {
                _chars.Add(new ShellChar(_text[_at + 1], file, Skip(2), 2, ShellQuote.Double));
            }
            else if (c is '$' or '`')
            {
                Expansion(ShellQuote.Double);
            }
            else if (c == '\0')
            {
                throw new ShellSyntaxException(_at, "a NUL byte");
            }
            else
            {
                Add(c, 1, ShellQuote.Double);
            }
        }

        if (_at >= _text.Length)
        {
            throw new ShellSyntaxException(open, "the quote is never closed");
        }

        _at++;
        _closedBy = ShellQuote.Double;
    }

    private int Skip(int length)
    {
        var at = _at;
        _at += length;
        return at;
    }

    private void Escape()
    {
        _plain = false;
        if (_at + 1 >= _text.Length)
        {
            throw new ShellSyntaxException(_at, "a backslash ends the file");
        }

        var c = _text[_at + 1];
        if (c == '\n')
        {
            _at += 2;
        }
        else
        {
            _chars.Add(new ShellChar(c, file, Skip(2), 2, ShellQuote.Escaped));
        }
    }

    private void Expansion(ShellQuote quote)
    {
        var at = _at;
        _plain = false;
        var name = ShellExpansion.SimpleName(_text, at, out var end);
        if (name is null)
        {
            end = ShellExpansion.End(_text, at, out var reason);
            if (reason is null)
            {
                Add(_text[at], 1, quote);
                return;
            }

            Doubt(at, reason);
            _at = end;
            return;
        }

        _at = end;
        var variable = state.Find(name);
        if (ShellDynamic.Changes(name))
        {
            Doubt(at, $"the shell itself sets {name}");
            return;
        }

        if (variable is { IsCertain: true })
        {
            _chars.AddRange(variable.Chars);
        }
        else if (variable is null && name.StartsWith("GRUB_CMDLINE_", StringComparison.Ordinal))
        {
            return; // grub-mkconfig sets none of these before it reads the files
        }
        else
        {
            Doubt(at, variable is null ? $"{name} is not set in these files" : $"{name} is not certain: {variable.Obstacle!.Reason}");
        }
    }
}
