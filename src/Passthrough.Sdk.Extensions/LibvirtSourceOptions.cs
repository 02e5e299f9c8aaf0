using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Extensions;

/// <summary>The options of one connection, by its name. They are validated when the program starts.</summary>
/// <remarks>Thread safety: set them while the services are configured; after that they are only read.</remarks>
public sealed class LibvirtSourceOptions
{
    /// <summary>Gets or sets the URI, such as <c>qemu:///system</c>; null, the default, for libvirt's own choice.</summary>
    public string? Uri { get; set; }

    /// <summary>Gets or sets whether the connection is read-only. The default is false.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>
    /// Gets or sets the time after a failed attempt during which no other is made. The default is one second; it doubles with each further
    /// failure, up to <see cref="MaximumRetryDelay"/>, and begins again after a success.
    /// </summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the longest time between two attempts. The default is one minute.</summary>
    public TimeSpan MaximumRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets how a connection is opened. The default is <see cref="LibvirtConnection.Open"/>; a test sets a fake. It is called on a
    /// thread of its own, which it may block.
    /// </summary>
    public Func<string?, LibvirtConnectionOptions, ILibvirtConnection> Open { get; set; } = LibvirtConnection.Open;
}
