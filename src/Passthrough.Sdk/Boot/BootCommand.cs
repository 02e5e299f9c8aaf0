using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>A command that makes a change of the files take effect at the next boot: <c>update-grub</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments; they are not passed through a shell.</param>
/// <param name="Reason">The purpose of the command, in a few words.</param>
public sealed record BootCommand(string FileName, ValueList<string> Arguments, string Reason)
{
    /// <summary>Returns whether two commands run the same program with the same arguments.</summary>
    /// <param name="other">The other command; null is never equal.</param>
    public bool Equals(BootCommand? other) => other is not null && FileName == other.FileName && Arguments.SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FileName, Arguments.Count);

    /// <summary>Returns the command as it can be typed into a shell.</summary>
    public override string ToString() => ShellArgument.Of(Arguments.Prepend(FileName));
}
