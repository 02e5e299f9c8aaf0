using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Boot;

/// <summary>One kernel parameter as it stands on a command line: <c>intel_iommu=on</c>, <c>quiet</c>, <c>dyndbg="file a.c +p"</c>.</summary>
/// <remarks>
/// The kernel's own quoting (lib/cmdline.c, next_arg): double quotes keep spaces together and do not belong to the value.
/// In names <c>-</c> and <c>_</c> are the same letter (kernel/params.c, parameq). Thread safety: immutable.
/// </remarks>
public sealed record BootParameter
{
    private BootParameter(string text, string name, string? value)
    {
        Text = text;
        Name = name;
        Value = value;
    }

    /// <summary>The parameter as it is written, quotes included.</summary>
    public string Text { get; }

    /// <summary>The name, as it is written: <c>vfio-pci.ids</c>.</summary>
    public string Name { get; }

    /// <summary>The value without its quotes; null where no <c>=</c> stands (<c>quiet</c>), empty for <c>name=</c>.</summary>
    public string? Value { get; }

    /// <summary>Reads one parameter.</summary>
    /// <param name="text"><c>NAME</c> or <c>NAME=VALUE</c>; a value with spaces in double quotes.</param>
    /// <exception cref="FormatException">It is empty, holds more than one parameter, a control character or an open quote.</exception>
    public static BootParameter Parse(string text) =>
        TryParse(text, out var parameter)
            ? parameter
            : throw new FormatException($"\"{text}\" is not one kernel parameter: NAME or NAME=VALUE is, with double quotes around a value that has spaces.");

    /// <summary>Reads one parameter.</summary>
    /// <param name="text"><c>NAME</c> or <c>NAME=VALUE</c>; null is not a parameter.</param>
    /// <param name="parameter">The parameter; null when the text is none.</param>
    /// <returns>Whether the text is one parameter.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out BootParameter? parameter)
    {
        parameter = null;
        if (string.IsNullOrEmpty(text) || text.Any(char.IsControl))
        {
            return false;
        }

        var quoted = false;
        foreach (var c in text)
        {
            quoted ^= c == '"';
            if (!quoted && char.IsWhiteSpace(c))
            {
                return false;
            }
        }

        if (quoted || text == "--")
        {
            return false;
        }

        parameter = Read(text);
        return parameter.Name.Length > 0;
    }

    /// <summary>Whether two parameters have the same name for the kernel.</summary>
    /// <param name="name">The name to compare with: <c>-</c> and <c>_</c> are the same.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool IsNamed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return KernelNames.Same(Name, name);
    }

    /// <summary>The parameter as it is written.</summary>
    public override string ToString() => Text;

    internal static BootParameter Read(string text)
    {
        ReadOnlySpan<char> rest = text;
        var parameter = KernelCommandLine.TakeNext(ref rest);
        return new BootParameter(text, parameter.Name, parameter.Value);
    }

    internal bool Matches(BootParameter other) => IsNamed(other.Name) && Value == other.Value;
}
