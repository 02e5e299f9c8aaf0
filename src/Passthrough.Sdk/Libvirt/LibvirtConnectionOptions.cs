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
    /// Gets the time within which the connection must be open. The default is one minute; <see cref="Timeout.InfiniteTimeSpan"/> means no limit.
    /// </summary>
    /// <remarks>
    /// If it is over, <see cref="LibvirtConnection.Open"/> throws <see cref="LibvirtTimeoutException"/>. libvirt itself knows no limit: a daemon that accepts the
    /// connection and does not answer holds the attempt up for as long as it lives. The attempt continues on its own thread, and a connection that opens too late is closed.
    /// </remarks>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets how long the daemon may be silent before it is asked whether it is alive (<c>virsh --keepalive-interval</c>,
    /// <c>virConnectSetKeepAlive</c>), in whole seconds. The default is 5 seconds; zero means that it is never asked.
    /// </summary>
    /// <remarks>
    /// A daemon that does not respond is given up after this time multiplied by <see cref="KeepAliveCount"/> + 1. If it is never asked, a call to a host that has vanished
    /// waits until the operating system gives up, which may take hours. Drivers that run inside the process ignore this.
    /// </remarks>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets how many times in a row the daemon may leave the question unanswered before it is given up (<c>virsh --keepalive-count</c>). The default is 6.
    /// </summary>
    public int KeepAliveCount { get; init; } = 6;

    /// <summary>
    /// Gets the delegate that answers libvirt's questions while the connection is opened: the name of a user, a password (<c>virConnectOpenAuth</c>). The default is
    /// null: there are no answers, except those of libvirt's own files (auth.conf).
    /// </summary>
    /// <remarks>
    /// It is called on the thread that opens the connection, once for each question. An answer of null, or an exception, ends the attempt; the exception is
    /// the inner one of the <see cref="LibvirtException"/>. The answers are not kept.
    /// </remarks>
    public Func<LibvirtCredential, string?>? Authenticate { get; init; }

    /// <summary>Gets the number of unread events that each subscription keeps. The default is 4,096; an event takes about 200 bytes.</summary>
    /// <remarks>
    /// If a program reads its events more slowly than they come, the loop over the subscription ends with <see cref="LibvirtEventsLostException"/> after those that were kept.
    /// </remarks>
    public int EventCapacity { get; init; } = 4096;

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
