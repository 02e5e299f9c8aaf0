namespace Passthrough.Sdk.Libvirt;

/// <summary>The exception that is thrown when a call fails because the connection to the daemon is lost, and with which subscriptions to its events end.</summary>
/// <remarks>
/// <para>
/// libvirt reports this with different codes: a system error, an internal error, an error of its protocol. Here it has one type and one code
/// (<see cref="LibvirtErrorCode.Rpc"/>), whatever the call was. <see cref="LibvirtException.NativeMessage"/> is libvirt's own text.
/// </para>
/// <para>A change that was requested by the call may have been made: connect again, and read the state. Thread safety: immutable.</para>
/// </remarks>
public sealed class LibvirtConnectionLostException : LibvirtException
{
    /// <summary>Creates an exception as a call on a lost connection would throw it, for code that replaces libvirt in tests.</summary>
    /// <param name="message">The message, which says what failed, why, and what to do.</param>
    /// <param name="nativeMessage">libvirt's own text.</param>
    public LibvirtConnectionLostException(string message, string nativeMessage)
        : base(message, LibvirtErrorCode.Rpc, LibvirtErrorDomain.Rpc, nativeMessage)
    {
    }

    /// <summary>
    /// Gets the reason that libvirt reported for the loss (<c>virConnectRegisterCloseCallback</c>); null if it reported none, as in the exception of a call that
    /// failed. The exceptions of subscriptions and of <see cref="LibvirtConnectionOptions.Lost"/> have it.
    /// </summary>
    public LibvirtCloseReason? Reason { get; init; }
}
