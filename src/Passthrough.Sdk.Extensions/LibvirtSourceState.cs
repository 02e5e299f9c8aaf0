namespace Passthrough.Sdk.Extensions;

/// <summary>The states of a connection of <see cref="ILibvirtConnectionSource"/>.</summary>
public enum LibvirtSourceState
{
    /// <summary>The connection was not opened yet.</summary>
    NotOpened = 0,

    /// <summary>The connection is open, and libvirt considers it alive.</summary>
    Connected = 1,

    /// <summary>The connection was open, but is lost. The next request opens a new one.</summary>
    Lost = 2,

    /// <summary>The last attempt to open the connection failed.</summary>
    Failed = 3,
}
