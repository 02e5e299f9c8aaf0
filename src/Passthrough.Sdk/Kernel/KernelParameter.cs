namespace Passthrough.Sdk.Kernel;

/// <summary>One parameter of a kernel command line, without the quotes around it.</summary>
/// <param name="Name">What stands before the first <c>=</c>, as written (<c>intel_iommu</c>, <c>vfio-pci.ids</c>).</param>
/// <param name="Value">What stands behind it; empty for <c>name=</c>, null where there is no <c>=</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record KernelParameter(string Name, string? Value)
{
    /// <summary>The parts of a comma separated value, as the kernel's own parsers of such lists see them; empty without a value.</summary>
    public IEnumerable<string> Options => Value is null ? [] : Value.Split(',');

    /// <summary>Whether this is the parameter of that name. To the kernel a dash in a name is an underscore.</summary>
    /// <param name="name">The parameter's name.</param>
    public bool IsNamed(string name) => KernelNames.Same(Name, name);

    /// <summary>The parameter as it can be written on a command line, in quotes where a blank asks for them.</summary>
    public override string ToString()
    {
        var text = Value is null ? Name : $"{Name}={Value}";
        return text.AsSpan().ContainsAny(KernelNames.Blanks) && !text.Contains('"', StringComparison.Ordinal)
            ? Value is null || Name.AsSpan().ContainsAny(KernelNames.Blanks) ? $"\"{text}\"" : $"{Name}=\"{Value}\""
            : text;
    }
}
