namespace Passthrough.Sdk.Boot.Shell;

/// <summary>From this offset on it is unknown how a shell would read the file.</summary>
/// <remarks>Never leaves the reader: it becomes a <see cref="ShellObstacle"/> there.</remarks>
internal sealed class ShellSyntaxException(int offset, string reason) : Exception(reason)
{
    public int Offset { get; } = offset;
}
