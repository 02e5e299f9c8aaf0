using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Boot;

/// <summary>One kernel parameter as written on a command line: <c>intel_iommu=on</c>, <c>quiet</c>, <c>dyndbg="file a.c +p"</c>.</summary>
/// <remarks>
/// The kernel's own quoting (lib/cmdline.c, next_arg): double quotes protect spaces and are not part of the value.
/// In names, <c>-</c> and <c>_</c> are the same character (kernel/params.c, parameq). Thread safety: immutable.
/// </remarks>
public sealed record BootParameter
{
    private BootParameter(string text, string name, string? value)
    {
        Text = text;
        Name = name;
        Value = value;
    }

    /// <summary>Gets the parameter as written, including quotes.</summary>
    public string Text { get; }

    /// <summary>Gets the name as written: <c>vfio-pci.ids</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the value without its quotes; null if there is no <c>=</c> (<c>quiet</c>), empty for <c>name=</c>.</summary>
    public string? Value { get; }

    /// <summary>Parses one parameter.</summary>
    /// <param name="text"><c>NAME</c> or <c>NAME=VALUE</c>; a value with spaces in double quotes.</param>
    /// <exception cref="FormatException">The text is empty, or contains more than one parameter, a control character or an unclosed quote.</exception>
    public static BootParameter Parse(string text) =>
        TryParse(text, out var parameter)
            ? parameter
            : throw new FormatException($"\"{text}\" is not a kernel parameter: write NAME or NAME=VALUE, with double quotes around a value that contains spaces.");

    /// <summary>Parses one parameter.</summary>
    /// <param name="text"><c>NAME</c> or <c>NAME=VALUE</c>; null is not a parameter.</param>
    /// <param name="parameter">The parameter; null if the text is not one.</param>
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

    /// <summary>Returns whether the kernel treats two names as the same.</summary>
    /// <param name="name">The name to compare with; <c>-</c> and <c>_</c> are equal.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public bool IsNamed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return KernelNames.Same(Name, name);
    }

    /// <summary>Returns the parameter as written.</summary>
    public override string ToString() => Text;

    internal static BootParameter Read(string text)
    {
        ReadOnlySpan<char> rest = text;
        var parameter = KernelCommandLine.TakeNext(ref rest);
        return new BootParameter(text, parameter.Name, parameter.Value);
    }

    internal bool Matches(BootParameter other) => IsNamed(other.Name) && Value == other.Value;
}
