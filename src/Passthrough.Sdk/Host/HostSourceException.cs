using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The exception that is thrown when a directory or file is not a source from which a host can be read.</summary>
public sealed class HostSourceException : PassthroughException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="source">The directory or file that was named.</param>
    /// <param name="reason">The clause that says what is wrong with the source.</param>
    /// <param name="innerException">The exception that caused it; null for none.</param>
    public HostSourceException(string source, string reason, Exception? innerException = null)
        : base($"cannot read a host from '{source}': {reason}; specify a directory with the files of a host (it contains sys, proc and so on), a captured archive, or the output of lspci -D -xxxx", innerException) =>
        HostSource = source;

    /// <summary>Gets the directory or file that was named.</summary>
    public string HostSource { get; }
}
