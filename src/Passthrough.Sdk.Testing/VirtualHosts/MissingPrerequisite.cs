namespace Passthrough.Sdk.Testing;

/// <summary>Something that a <see cref="VirtualHost"/> needs and that this machine does not have.</summary>
/// <param name="Name">The program, file or property that is missing, for example <c>qemu-system-x86_64</c>.</param>
/// <param name="Reason">What is wrong with it, as a part of a sentence: <c>the program qemu-system-x86_64 is not on the PATH</c>.</param>
/// <param name="Package">Debian's package that contains it; null if no package does.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record MissingPrerequisite(string Name, string Reason, string? Package)
{
    /// <summary>Returns the reason, and the package.</summary>
    public override string ToString() => Package is null ? Reason : $"{Reason} (Debian: apt-get install {Package})";
}
