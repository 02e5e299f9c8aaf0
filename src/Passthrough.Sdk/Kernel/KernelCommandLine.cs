using System.Collections.Immutable;

namespace Passthrough.Sdk.Kernel;

/// <summary>A kernel command line, taken apart as the kernel itself does it.</summary>
/// <remarks>
/// The rules are those of the kernel's <c>next_arg</c>: blanks separate; a double quote opens and closes a stretch in which
/// they do not; quotes around a whole parameter or around a value are dropped, quotes elsewhere stay; a bare <c>--</c> ends
/// the kernel's part, and what follows belongs to init. Source: <c>/proc/cmdline</c>.
/// Thread safety: immutable.
/// </remarks>
public sealed class KernelCommandLine
{
    private KernelCommandLine(string text, ImmutableArray<KernelParameter> parameters, string? initArguments)
    {
        Text = text;
        Parameters = parameters;
        InitArguments = initArguments;
    }

    /// <summary>The line as it was given, without blanks at its ends.</summary>
    public string Text { get; }

    /// <summary>The parameters in the order in which the kernel takes them, repeated ones included.</summary>
    public ImmutableArray<KernelParameter> Parameters { get; }

    /// <summary>What stands behind a bare <c>--</c>, which the kernel hands to init unread; null where there is none.</summary>
    public string? InitArguments { get; }

    /// <summary>Takes a command line apart. Any text is a command line; this never fails.</summary>
    /// <param name="text">The line, such as the content of <c>/proc/cmdline</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static KernelCommandLine Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parameters = ImmutableArray.CreateBuilder<KernelParameter>();
        var trimmed = text.Trim(' ', '\t', '\n', '\v', '\f', '\r', '\0');
        ReadOnlySpan<char> rest = trimmed;
        while (!rest.IsEmpty)
        {
            var parameter = TakeNext(ref rest);
            if (parameter is { Value: null, Name: "--" })
            {
                return new KernelCommandLine(trimmed, parameters.ToImmutable(), rest.ToString());
            }

            parameters.Add(parameter);
        }

        return new KernelCommandLine(trimmed, parameters.ToImmutable(), null);
    }

    /// <summary>Every parameter of that name, in order; dash and underscore are the same in a name.</summary>
    /// <param name="name">The parameter's name (<c>intel_iommu</c>).</param>
    public IEnumerable<KernelParameter> All(string name) => Parameters.Where(p => p.IsNamed(name));

    /// <summary>The last parameter of that name, which wins wherever a parameter is a plain setting; null where it is not there.</summary>
    /// <param name="name">The parameter's name.</param>
    public KernelParameter? Last(string name) => Parameters.LastOrDefault(p => p.IsNamed(name));

    /// <summary>Whether a parameter of that name is there.</summary>
    /// <param name="name">The parameter's name.</param>
    public bool Contains(string name) => Last(name) is not null;

    /// <summary>The parts of every comma separated value of that parameter, in order, over all its occurrences.</summary>
    /// <param name="name">The parameter's name (<c>module_blacklist</c>).</param>
    public IEnumerable<string> Options(string name) => All(name).SelectMany(p => p.Options);

    /// <summary>The line as it was given.</summary>
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
