using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Boot.Text;

/// <summary>Splits a kernel command line as the kernel does, and keeps the place of each parameter.</summary>
/// <remarks>The rules are those of <see cref="KernelCommandLine"/>, which takes every parameter off here too.</remarks>
internal static class CommandLineText
{
    /// <summary>The parameters for the kernel, in order.</summary>
    /// <param name="text">The command line.</param>
    /// <param name="end">
    /// The index at which a parameter may be added: before a lone <c>--</c> (what follows it goes to init), otherwise the
    /// end.
    /// </param>
    /// <param name="closed">Whether every quote is closed.</param>
    public static List<CommandLineToken> Split(string text, out int end, out bool closed)
    {
        var tokens = new List<CommandLineToken>();
        closed = true;
        var rest = text.AsSpan();
        while (!(rest = rest.TrimStart(Blanks)).IsEmpty)
        {
            var start = text.Length - rest.Length;
            var parameter = KernelCommandLine.TakeNext(ref rest);
            var raw = text.AsSpan(start, text.Length - rest.Length - start);
            closed = raw.Count('"') % 2 == 0;
            raw = closed ? raw.TrimEnd(Blanks) : raw;
            if (parameter is { Value: null, Name: "--" })
            {
                end = start;
                return tokens;
            }

            tokens.Add(new CommandLineToken(start, raw.Length, BootParameter.Read(raw.ToString())));
        }

        end = text.Length;
        return tokens;
    }

    public static List<CommandLineToken> Split(string text) => Split(text, out _, out _);

    private static ReadOnlySpan<char> Blanks => " \t\n\v\f\r";
}
