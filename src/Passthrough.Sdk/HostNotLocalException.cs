using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk;

/// <summary>
/// The exception that is thrown when an operation needs the local host, but the host is a directory, an archive, a dump, or a file
/// system in memory. Only <see cref="PassthroughHost.Local"/> acts on this machine; a fake host of Passthrough.Sdk.Testing acts on
/// itself. Nothing was changed.
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class HostNotLocalException : PassthroughException
{
    internal HostNotLocalException(string host, string what)
        : base($"{what} needs this machine itself, and the host at '{host}' is only read from files; use PassthroughHost.Local()") => Host = host;

    /// <summary>Gets the host's <see cref="PassthroughHost.Source"/>.</summary>
    public string Host { get; }
}
