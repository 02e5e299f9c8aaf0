using System.Runtime.CompilerServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Checks texts before they become C strings.</summary>
internal static class NativeText
{
    /// <summary>Refuses null, nothing, and a NUL, where C would stop reading.</summary>
    /// <exception cref="ArgumentException">The text is none of C's.</exception>
    public static void Check(string text, [CallerArgumentExpression(nameof(text))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, name);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("the text contains a NUL character, at which libvirt would stop reading", name);
        }
    }
}
