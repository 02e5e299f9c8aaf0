using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Options for opening a connection.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtConnectionOptions
{
    /// <summary>Gets whether the connection is read-only (<c>virsh --readonly</c>). The default is false.</summary>
    /// <remarks>A read-only connection to the system's daemon usually requires no rights; a change then fails with <see cref="LibvirtErrorCode.OperationDenied"/>.</remarks>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Gets the delegate that is called once when the connection is lost, with the error that its subscriptions end with (<c>virConnectRegisterCloseCallback</c>).
    /// The default is null: nothing is called.
    /// </summary>
    /// <remarks>
    /// It is called on a thread of the thread pool, so an exception in it ends the program. It is not called when the connection is disposed of, and drivers
    /// that run inside the process, such as <c>test:///</c> and <c>qemu:///embed</c>, never call it: they have no daemon to lose.
    /// </remarks>
    public Action<LibvirtException>? Lost { get; init; }

    /// <summary>Gets the factory of the logger; null, the default, for no logging.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
