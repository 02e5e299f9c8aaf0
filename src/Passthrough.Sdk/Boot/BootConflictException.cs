namespace Passthrough.Sdk.Boot;

/// <summary>The exception that is thrown when another program changed a file after a change of the boot configuration, so that the change cannot be reverted. Nothing was written.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootConflictException : BootException
{
    internal BootConflictException(string path, string since, string wayOut)
        : base($"{path} was changed by another program after {since} - {wayOut}.") => Path = path;

    /// <summary>Gets the path of the file on the host.</summary>
    public string Path { get; }
}
