namespace Passthrough.Sdk.Libvirt;

/// <summary>Why libvirt reports that a connection is lost: virConnectCloseReason.</summary>
/// <remarks>A value that this library does not know keeps its number.</remarks>
public enum LibvirtCloseReason
{
    /// <summary>An input/output error, or an error that has no other value.</summary>
    Error = 0,

    /// <summary>The other end closed the connection: the daemon ended or was restarted.</summary>
    EndOfFile = 1,

    /// <summary>The other end no longer answers (<see cref="LibvirtConnectionOptions.KeepAliveInterval"/>).</summary>
    KeepAlive = 2,

    /// <summary>This end asked for it.</summary>
    Client = 3,
}
