namespace Passthrough.Sdk.Boot.Shell;

/// <summary>
/// Follows the words and signs of one statement, and stops where a shell would: with a syntax error it reads nothing more
/// of the file, so that nothing behind it is certain.
/// </summary>
/// <remarks>The grammar is POSIX.1-2017, Shell Command Language, 2.10; where shells take more than it, they disagree.</remarks>
internal sealed class ShellGrammar
{
    private readonly Stack<string> _open = [];
    private Place _place = Place.Start;

    /// <summary>Whether the command that is owed is the next one of a pipe.</summary>
    private bool _isPiped;

    /// <summary>The position of the reader in the patterns of a <c>case</c>.</summary>
    private Pattern _pattern;

    private enum Pattern
    {
        /// <summary>Before the patterns of a list: <c>esac</c> may stand here too.</summary>
        Start,

        /// <summary>Behind <c>(</c> or <c>|</c>: a pattern must follow.</summary>
        Owed,

        /// <summary>Behind a pattern: <c>|</c> or <c>)</c> must follow.</summary>
        Word,
    }

    private enum Place
    {
        /// <summary>Nothing was read yet, or a separator: a command or a word that closes something may follow.</summary>
        Start,

        /// <summary>Behind a word or sign that opens something or joins two commands: a command must follow, on whatever line.</summary>
        Owed,

        /// <summary>Behind <c>!</c>: a command must follow on this line.</summary>
        Negated,

        /// <summary>Behind an assignment or a redirection: the command's name may follow, and no reserved word is one.</summary>
        Prefix,

        /// <summary>Behind a command's name.</summary>
        Command,

        /// <summary>Behind what closes a compound command.</summary>
        Closed,
    }

    /// <summary>Whether nothing is open: a separator here ends the statement.</summary>
    public bool IsOutside => _open.Count == 0;

    /// <summary>Whether the next word is the name of a command, or an assignment before it.</summary>
    public bool TakesName => _place is not Place.Command;

    /// <summary>Whether a reserved word would be one here.</summary>
    public bool TakesReserved => _place is not (Place.Command or Place.Prefix or Place.Negated);

    /// <summary>Whether a <c>!</c> was the last word.</summary>
    public bool IsNegated => _place is Place.Negated;

    /// <summary>Whether a statement may begin with a parenthesis here.</summary>
    public bool TakesParenthesis => _place is Place.Start or Place.Owed or Place.Negated;

    /// <summary>Whether the words here are the patterns of a <c>case</c>.</summary>
    public bool IsPattern => _open.TryPeek(out var top) && top == "pattern";

    /// <summary>Whether a line end here ends the statement.</summary>
    public bool Newline(int at) => _place switch
    {
        Place.Negated => throw Broken(at),
        Place.Owed => false,
        _ when IsPattern => _pattern is Pattern.Start ? false : throw Broken(at),
        _ => Separate(),
    };

    /// <summary>A <c>;</c> or <c>&amp;</c>; whether it ends the statement.</summary>
    public bool Separator(int at) => _place is Place.Prefix or Place.Command or Place.Closed && !IsPattern ? Separate() : throw Broken(at);

    /// <summary><c>;;</c></summary>
    public void CaseEnd(int at)
    {
        if (_place is Place.Owed or Place.Negated || !_open.TryPeek(out var top) || top != "body")
        {
            throw Broken(at);
        }

        Exchange("pattern", Place.Start);
    }

    /// <summary>A sign that joins two commands.</summary>
    public void Join(int at, bool pipes)
    {
        if (_place is not (Place.Prefix or Place.Command or Place.Closed))
        {
            throw Broken(at);
        }

        _place = Place.Owed;
        _isPiped = pipes;
    }

    /// <summary>A word among the patterns of a <c>case</c>.</summary>
    public void PatternWord(int at) => MovePattern(at, Pattern.Word, Pattern.Start, Pattern.Owed);

    /// <summary><c>(</c> before the patterns of a list.</summary>
    public void PatternOpens(int at) => MovePattern(at, Pattern.Owed, Pattern.Start);

    /// <summary><c>|</c> between two patterns.</summary>
    public void PatternOr(int at) => MovePattern(at, Pattern.Owed, Pattern.Word);

    public void Redirection(int at)
    {
        if (IsPattern)
        {
            throw Broken(at);
        }

        if (_place is not (Place.Command or Place.Closed))
        {
            _place = Place.Prefix;
        }
    }

    public void Assignment(int at)
    {
        Name(at);
        _place = Place.Prefix;
    }

    /// <summary>A word that is not reserved.</summary>
    public void Name(int at)
    {
        if (_place is Place.Closed || (_open.TryPeek(out var top) && top is "for"))
        {
            throw Broken(at);
        }

        _place = Place.Command;
    }

    /// <summary>A word or sign that opens a compound command.</summary>
    public void Open(int at, string opener)
    {
        if (_place is Place.Closed || (_open.TryPeek(out var top) && top is "for"))
        {
            throw Broken(at);
        }

        _open.Push(opener);
        _isPiped = false;
        _pattern = Pattern.Start;
        _place = opener is "pattern" or "for" ? Place.Start : Place.Owed;
    }

    /// <summary>The name of a function and its parentheses were read: a compound command must follow.</summary>
    public void FunctionHead()
    {
        _place = Place.Owed;
        _isPiped = false;
    }

    public void Negate(int at)
    {
        if (_place is Place.Closed)
        {
            throw Broken(at);
        }

        if (_isPiped && _place is Place.Owed)
        {
            throw new ShellSyntaxException(at, "shells disagree about ! within a pipe");
        }

        _place = Place.Negated;
    }

    /// <summary><c>)</c></summary>
    public void CloseParenthesis(int at)
    {
        if (!IsPattern)
        {
            Close(at, "(");
            return;
        }

        MovePattern(at, Pattern.Start, Pattern.Word);
        Exchange("body", Place.Start);
    }

    /// <summary>A reserved word that goes on with what one of others began.</summary>
    public void GoOn(int at, string word, params ReadOnlySpan<string> after)
    {
        Expect(at, after);
        Exchange(word, Place.Owed);
    }

    /// <summary>A reserved word that closes what one of others began.</summary>
    public void Close(int at, params ReadOnlySpan<string> openers)
    {
        Expect(at, openers);
        if (IsPattern && _pattern is not Pattern.Start)
        {
            throw Broken(at);
        }

        _open.Pop();
        _place = Place.Closed;
    }

    /// <summary>The file ends here.</summary>
    public void EndOfFile(int start)
    {
        if (_open.TryPeek(out var top))
        {
            throw new ShellSyntaxException(start, $"{(top is "pattern" or "body" ? "case" : top)} is never closed");
        }

        if (_place is Place.Owed or Place.Negated)
        {
            throw new ShellSyntaxException(start, "the file ends where a command is expected");
        }
    }

    /// <summary>Creates the error for text that a shell does not accept, after which it reads nothing.</summary>
    public static ShellSyntaxException Broken(int at) => new(at, "a syntax error: the shell stops here");

    private bool Separate()
    {
        _place = Place.Start;
        return IsOutside;
    }

    private void MovePattern(int at, Pattern to, params ReadOnlySpan<Pattern> from)
    {
        if (!from.Contains(_pattern))
        {
            throw Broken(at);
        }

        _pattern = to;
    }

    private void Exchange(string word, Place place)
    {
        _isPiped = false;
        _pattern = Pattern.Start;
        _open.Pop();
        _open.Push(word);
        _place = place;
    }

    private void Expect(int at, ReadOnlySpan<string> openers)
    {
        if (_place is Place.Owed or Place.Negated || !_open.TryPeek(out var top) || !openers.Contains(top))
        {
            throw Broken(at);
        }
    }
}
