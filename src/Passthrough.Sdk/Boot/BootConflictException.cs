namespace Passthrough.Sdk.Boot;

/// <summary>A file is not what it was when the plan was made or applied: somebody else changed it. Nothing was written.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootConflictException : BootException
{
    internal BootConflictException(string path, string since, string wayOut)
        : base($"{path} was changed by somebody else since {since} - {wayOut}.") => Path = path;

    /// <summary>The file, as the host itself writes its path.</summary>
    public string Path { get; }
}
