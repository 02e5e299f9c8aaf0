namespace Passthrough.Sdk.Boot;

/// <summary>A file is not what a change of the boot configuration left: somebody else changed it, so that the change is not reverted. Nothing was written.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootConflictException : BootException
{
    internal BootConflictException(string path, string since, string wayOut)
        : base($"{path} was changed by somebody else since {since} - {wayOut}.") => Path = path;

    /// <summary>The file, as the host itself writes its path.</summary>
    public string Path { get; }
}
