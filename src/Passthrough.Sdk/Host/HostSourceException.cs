using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The place a host was to be read from is none.</summary>
public sealed class HostSourceException : PassthroughException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">The directory or file that was named.</param>
    /// <param name="reason">What is wrong with it, as the rest of a sentence.</param>
    /// <param name="innerException">The error underneath; null when there is none.</param>
    public HostSourceException(string source, string reason, Exception? innerException = null)
        : base($"cannot read a host from '{source}': {reason}; specify a directory with the files of a host (it contains sys, proc and so on), a captured archive, or the output of lspci -D -xxxx", innerException) =>
        HostSource = source;

    /// <summary>The directory or file that was named.</summary>
    public string HostSource { get; }
}
