using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel;

/// <summary>A kernel command line, parsed as the kernel does it.</summary>
/// <remarks>
/// The rules are those of the kernel's <c>next_arg</c>: spaces separate parameters; a double quote begins and ends a part in which
/// they do not; quotes around a whole parameter or a value are removed, other quotes stay; a bare <c>--</c> ends
/// the kernel's part, and the rest is for init. Source: <c>/proc/cmdline</c>.
/// Thread safety: immutable.
/// </remarks>
public sealed class KernelCommandLine
{
    private KernelCommandLine(string text, ValueList<KernelParameter> parameters, string? initArguments)
    {
        Text = text;
        Parameters = parameters;
        InitArguments = initArguments;
    }

    /// <summary>Gets the text of the line, without spaces at its ends.</summary>
    public string Text { get; }

    /// <summary>Gets the parameters in the order in which the kernel processes them, including repeated ones.</summary>
    public ValueList<KernelParameter> Parameters { get; }

    /// <summary>Gets the text after a bare <c>--</c>, which the kernel passes to init; null if there is none.</summary>
    public string? InitArguments { get; }

    /// <summary>Parses a command line. Every text is a valid command line, so no exception is thrown.</summary>
    /// <param name="text">The line, such as the content of <c>/proc/cmdline</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static KernelCommandLine Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parameters = new List<KernelParameter>();
        var trimmed = text.Trim(' ', '\t', '\n', '\v', '\f', '\r', '\0');
        ReadOnlySpan<char> rest = trimmed;
        while (!rest.IsEmpty)
        {
            var parameter = TakeNext(ref rest);
            if (parameter is { Value: null, Name: "--" })
            {
                return new KernelCommandLine(trimmed, parameters.ToValueList(), rest.ToString());
            }

            parameters.Add(parameter);
        }

        return new KernelCommandLine(trimmed, parameters.ToValueList(), null);
    }

    /// <summary>Returns every parameter with a name, in order; dash and underscore are equal in a name.</summary>
    /// <param name="name">The parameter's name (<c>intel_iommu</c>).</param>
    public ValueList<KernelParameter> All(string name) => [.. Parameters.Where(p => p.IsNamed(name))];

    /// <summary>Returns the last parameter with a name, which counts if the parameter is a simple setting; null if there is none.</summary>
    /// <param name="name">The parameter's name.</param>
    public KernelParameter? Last(string name) => Parameters.LastOrDefault(p => p.IsNamed(name));

    /// <summary>Returns whether there is a parameter with a name.</summary>
    /// <param name="name">The parameter's name.</param>
    public bool Contains(string name) => Last(name) is not null;

    /// <summary>Returns the parts of every comma-separated value of a parameter, in order, over all its occurrences.</summary>
    /// <param name="name">The parameter's name (<c>module_blacklist</c>).</param>
    public ValueList<string> Options(string name) => [.. All(name).SelectMany(p => p.Options)];

    /// <summary>Returns the text of the line.</summary>
    public override string ToString() => Text;

    /// <summary>Takes the first parameter off a text that does not begin with a blank, and the blanks behind it: the kernel's next_arg.</summary>
    internal static KernelParameter TakeNext(ref ReadOnlySpan<char> rest)
    {
        var wholeIsQuoted = rest[0] == '"';
        var inQuotes = wholeIsQuoted;
        if (wholeIsQuoted)
        {
            rest = rest[1..];
        }

        var end = 0;
        var equals = 0;
        for (; end < rest.Length && (inQuotes || !KernelNames.Blanks.Contains(rest[end])); end++)
        {
            if (equals == 0 && rest[end] == '=')
            {
                equals = end;
            }

            inQuotes ^= rest[end] == '"';
        }

        var word = rest[..end];
        rest = rest[end..].TrimStart(" \t\n\v\f\r");

        // The kernel drops the last quote for either reason, but only once: it is overwritten with the terminator.
        var valueIsQuoted = equals > 0 && equals + 1 < word.Length && word[equals + 1] == '"';
        var valueStart = equals + 1 + (valueIsQuoted ? 1 : 0);
        if ((wholeIsQuoted || valueIsQuoted) && word.Length > 0 && word[^1] == '"')
        {
            word = word[..^1];
        }

        return equals == 0
            ? new KernelParameter(word.ToString(), null)
            : new KernelParameter(word[..equals].ToString(), valueStart < word.Length ? word[valueStart..].ToString() : "");
    }
}
