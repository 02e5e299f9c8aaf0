using System.Text;
using CsCheck;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>The two readers of a command line against the kernel's own algorithm, written here from its description.</summary>
public sealed class CommandLineSplitTests
{
    [Theory]
    [InlineData("foo=a\"b\"", "foo", "a\"b\"")]
    [InlineData("foo=\"a b\"", "foo", "a b")]
    [InlineData("\"foo=a b\"", "foo", "a b")]
    [InlineData("\"foo\"", "foo", null)]
    [InlineData("foo\"", "foo\"", null)]
    [InlineData("foo=\"a\"b", "foo", "a\"b")]
    [InlineData("foo=", "foo", "")]
    [InlineData("=foo", "=foo", null)]
    [InlineData("\"foo=\"", "foo", "")]
    public void A_parameter_is_read_as_the_kernel_reads_it(string text, string name, string? value)
    {
        Assert.Equal((name, value), NextArg(text)[0]);
        var token = Assert.Single(CommandLineText.Split(text));
        Assert.Equal((name, value), (token.Parameter.Name, token.Parameter.Value));
    }

    [Fact]
    public void Both_readers_agree_with_next_arg_on_any_line() => Gen.Char["ab=\" -_\t,"].Array[0, 24].Select(c => new string(c).TrimEnd()).Sample(line =>
    {
        var kernel = NextArg(line);
        var init = kernel.FindIndex(p => p is { Name: "--", Value: null });
        kernel = init < 0 ? kernel : kernel[..init];
        Assert.Equal(kernel, KernelCommandLine.Parse(line).Parameters.Select(p => (p.Name, p.Value)));
        var tokens = CommandLineText.Split(line);
        Assert.Equal(kernel, tokens.Select(t => (t.Parameter.Name, t.Parameter.Value)));
        Assert.All(tokens, t => Assert.Equal(t.Parameter.Text, line.Substring(t.Start, t.Length)));
    }, iter: 20_000);

    /// <summary>lib/cmdline.c, next_arg, called until the line is used up; a byte is a character here.</summary>
    private static List<(string Name, string? Value)> NextArg(string line)
    {
        var found = new List<(string, string?)>();
        // The terminator is written over the text, as in the kernel.
        char[] args = [.. line.Trim(' ', '\t'), '\0', '\0'];
        var at = 0;
        while (args[at] != '\0')
        {
            var start = at;
            var quoted = args[start] == '"';
            var inside = quoted;
            start += quoted ? 1 : 0;
            var equals = 0;
            var i = 0;
            for (; args[start + i] != '\0'; i++)
            {
                if (args[start + i] is ' ' or '\t' && !inside)
                {
                    break;
                }

                if (equals == 0 && args[start + i] == '=')
                {
                    equals = i;
                }

                inside ^= args[start + i] == '"';
            }

            var value = -1;
            if (equals != 0)
            {
                args[start + equals] = '\0';
                value = start + equals + 1;
                if (args[value] == '"')
                {
                    value++;
                    if (args[start + i - 1] == '"')
                    {
                        args[start + i - 1] = '\0';
                    }
                }
            }

            if (quoted && i > 0 && args[start + i - 1] == '"')
            {
                args[start + i - 1] = '\0';
            }

            var next = start + i;
            if (args[next] != '\0')
            {
                args[next++] = '\0';
            }

            found.Add((Read(args, start), value < 0 ? null : Read(args, value)));
            while (args[next] is ' ' or '\t')
            {
                next++;
            }

            at = next;
        }

        return found;
    }

    private static string Read(char[] text, int at)
    {
        var result = new StringBuilder();
        while (text[at] != '\0')
        {
            result.Append(text[at++]);
        }

        return result.ToString();
    }
}
