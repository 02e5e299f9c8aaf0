namespace Passthrough.Sdk.Boot.Text;

/// <summary>Splits a kernel command line as the kernel does: at spaces outside of double quotes.</summary>
internal static class CommandLineText
{
    /// <summary>The parameters for the kernel, in order.</summary>
    /// <param name="text">The command line.</param>
    /// <param name="end">Where something may be added: before a lone <c>--</c> (what follows goes to init), else the end.</param>
    /// <param name="closed">Whether every quote is closed.</param>
    public static List<CommandLineToken> Split(string text, out int end, out bool closed)
    {
        var tokens = new List<CommandLineToken>();
        closed = true;
        for (int at = 0; ;)
        {
            while (at < text.Length && IsBlank(text[at]))
                at++;
            int start = at;
            while (at < text.Length && (!closed || !IsBlank(text[at])))
                closed ^= text[at++] == '"';
            if (at == start)
                break;
            string token = text[start..at];
            if (token == "--")
            {
                end = start;
                return tokens;
            }

            tokens.Add(new CommandLineToken(start, at - start, BootParameter.Read(token)));
        }

        end = text.Length;
        return tokens;
    }

    public static List<CommandLineToken> Split(string text) => Split(text, out _, out _);

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\n' or '\r' or '\v' or '\f';
}
