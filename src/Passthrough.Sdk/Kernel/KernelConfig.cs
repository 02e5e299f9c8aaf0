using System.Collections.Frozen;

namespace Passthrough.Sdk.Kernel;

/// <summary>The options with which a kernel was built, as far as they matter for passthrough.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class KernelConfig
{
    private const string Prefix = "CONFIG_";
    private const string Unset = " is not set";
    private static readonly string[] Subjects = ["IOMMU", "VFIO", "IRQ_REMAP", "PCI", "XEN", "SMMU", "KVM", "LOCKDOWN", "DMAR", "X2APIC", "MDEV", "MODULE"];
    private readonly FrozenDictionary<string, string> _options;

    private KernelConfig(FrozenDictionary<string, string> options) => _options = options;

    /// <summary>Gets the value of an option (<c>y</c>, <c>m</c>, a number or a text with its quotes); null if it is not set.</summary>
    /// <param name="option">The option, with or without <c>CONFIG_</c>. Options that have nothing to do with passthrough are not kept.</param>
    public string? this[string option]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(option);
            return _options.GetValueOrDefault(option.StartsWith(Prefix, StringComparison.Ordinal) ? option : Prefix + option);
        }
    }

    /// <summary>Returns whether an option is built in or a module.</summary>
    /// <param name="option">The option, with or without <c>CONFIG_</c>.</param>
    public bool IsEnabled(string option) => this[option] is "y" or "m";

    /// <summary>Reads a <c>.config</c> file.</summary>
    /// <param name="text">The file's text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static KernelConfig Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var equals = line.IndexOf('=');
            if (equals > 0 && line.StartsWith(Prefix) && IsWanted(line[..equals]))
            {
                options[line[..equals].ToString()] = line[(equals + 1)..].ToString();
            }
        }

        return new KernelConfig(options.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Whether a text is a kernel configuration at all: it has at least one option, set or not.</summary>
    internal static bool IsConfiguration(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) || text.Contains("\n" + Prefix, StringComparison.Ordinal)
        || (text.Contains("# " + Prefix, StringComparison.Ordinal) && text.Contains(Unset, StringComparison.Ordinal));

    private static bool IsWanted(ReadOnlySpan<char> option)
    {
        foreach (var subject in Subjects)
        {
            if (option.Contains(subject, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
