using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Changes;

/// <summary>Turns the kernel's messages into changes, each with a snapshot that has it.</summary>
internal static class HostWatch
{
    // The kernel's limit for one message is 2 KiB of variables and the path.
    private const int MessageSize = 16 * 1024;

    /// <summary>Watches until it is cancelled.</summary>
    /// <param name="source">The messages; opened before the first capture, so that nothing falls between.</param>
    /// <param name="capture">Captures the host.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public static async IAsyncEnumerable<HostChange> WatchAsync(
        IUeventSource source, Func<HostSnapshot> capture, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var messages = Channel.CreateUnbounded<Uevent?>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var thread = new Thread(() => Pump(source, messages.Writer)) { IsBackground = true, Name = "kernel device messages" };
        thread.Start();
        try
        {
            using var stop = cancellationToken.Register(source.Stop);
            yield return new HostChange(HostChangeKind.Started, null, null, capture());
            var pending = new List<Uevent?>();
            while (await messages.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (messages.Reader.TryRead(out var message))
                {
                    pending.Add(message);
                }

                // One capture serves all that came before it.
                var snapshot = capture();
                foreach (var message in pending)
                {
                    yield return message is { } uevent
                        ? new HostChange(uevent.Kind, uevent.Device, uevent.Driver, snapshot)
                        : new HostChange(HostChangeKind.Overflowed, null, null, snapshot);
                }

                pending.Clear();
            }
        }
        finally
        {
            source.Stop();
            thread.Join();
            source.Dispose();
        }
    }

    private static void Pump(IUeventSource source, ChannelWriter<Uevent?> writer)
    {
        var buffer = new byte[MessageSize];
        while (true)
        {
            var errno = source.Receive(buffer, out var length);
            switch (errno)
            {
                case Errno.Success when Uevent.TryParse(buffer.AsSpan(0, length), out var uevent):
                    writer.TryWrite(uevent);
                    break;
                case Errno.Success:
                    break;
                case Errno.NoBuffers:
                    writer.TryWrite(null);
                    break;
                case Errno.Canceled:
                    writer.Complete();
                    return;
                default:
                    writer.Complete(new HostSourceException("netlink", Errno.Describe(errno)));
                    return;
            }
        }
    }
}
