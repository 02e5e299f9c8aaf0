using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel;

/// <summary>One parameter of a kernel command line, without the quotes around it.</summary>
/// <param name="Name">The text before the first <c>=</c>, as written (<c>intel_iommu</c>, <c>vfio-pci.ids</c>).</param>
/// <param name="Value">The text after it; empty for <c>name=</c>, null if there is no <c>=</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record KernelParameter(string Name, string? Value)
{
    /// <summary>Gets the parts of a comma-separated value, as the kernel's parsers of such lists split it; empty without a value.</summary>
    public ValueList<string> Options => Value is null ? [] : [.. Value.Split(',')];

    /// <summary>Returns whether the parameter has a name. The kernel treats a dash in a name as an underscore.</summary>
    /// <param name="name">The parameter's name.</param>
    public bool IsNamed(string name) => KernelNames.Same(Name, name);

    /// <summary>Returns the parameter as it can be written on a command line, in quotes if it contains a space.</summary>
    public override string ToString()
    {
        var text = Value is null ? Name : $"{Name}={Value}";
        return text.AsSpan().ContainsAny(KernelNames.Blanks) && !text.Contains('"', StringComparison.Ordinal)
            ? Value is null || Name.AsSpan().ContainsAny(KernelNames.Blanks) ? $"\"{text}\"" : $"{Name}=\"{Value}\""
            : text;
    }
}
