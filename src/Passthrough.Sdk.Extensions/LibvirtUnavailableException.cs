using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Extensions;

/// <summary>The exception that is thrown when a named connection to libvirt cannot be opened, or must not be tried again yet.</summary>
/// <remarks><see cref="Exception.InnerException"/> is the error of the attempt. Thread safety: immutable.</remarks>
public sealed class LibvirtUnavailableException : PassthroughException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The name of the connection.</param>
    /// <param name="uri">The URI; null for libvirt's own choice.</param>
    /// <param name="retryAfter">The time until the next attempt is possible.</param>
    /// <param name="innerException">The error of the last attempt.</param>
    public LibvirtUnavailableException(string name, string? uri, TimeSpan retryAfter, Exception innerException)
        : base(Compose(name, uri, retryAfter, innerException), innerException)
    {
        Name = name;
        Uri = uri;
        RetryAfter = retryAfter;
    }

    /// <summary>Gets the name of the connection.</summary>
    public string Name { get; }

    /// <summary>Gets the URI; null for libvirt's own choice.</summary>
    public string? Uri { get; }

    /// <summary>Gets the time after which the next attempt is possible.</summary>
    public TimeSpan RetryAfter { get; }

    private static string Compose(string name, string? uri, TimeSpan retryAfter, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"the libvirt connection '{name}' ({uri ?? "libvirt's default URI"}) is not open: {error.Message}; the next attempt is possible in {retryAfter.TotalSeconds:0.#} s");
    }
}
