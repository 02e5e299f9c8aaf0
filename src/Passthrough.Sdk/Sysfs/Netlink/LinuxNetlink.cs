using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs.Netlink;

/// <summary>This machine's netlink.</summary>
/// <remarks>
/// A socket belongs to the network namespace in which it is made, wherever it is used. To make one in another namespace a thread
/// of its own goes there, makes it, comes back and ends: no thread that runs anything else is ever in a namespace that is not its own.
/// </remarks>
internal sealed partial class LinuxNetlink : INetlinkSource
{
    private const string OwnNamespace = "/proc/thread-self/ns/net";
    private const int NetworkNamespace = 0x40000000;
    private const int FileFlags = LibC.ReadOnly | LibC.CloseOnExec | LibC.NonBlocking;
    private const int StackSize = 256 * 1024;

    /// <summary>The only one there is.</summary>
    public static LinuxNetlink Machine { get; } = new();

    public int TryOpen(string? path, bool withSockets, out INetlinkSession? session)
    {
        if (path is null)
        {
            return NetlinkSession.TryOpen(withSockets, out session);
        }

        INetlinkSession? opened = null;
        var errno = Errno.Success;
        var thread = new Thread(() => errno = Go(path, withSockets, out opened), StackSize) { IsBackground = true, Name = "network namespace" };
        thread.Start();
        thread.Join();
        session = opened;
        return errno;
    }

    private static int Go(string path, bool withSockets, out INetlinkSession? session)
    {
        session = null;
        var errno = LinuxSysfs.Machine.Open(OwnNamespace, FileFlags, out var own);
        if (errno != Errno.Success)
        {
            return errno;
        }

        errno = LinuxSysfs.Machine.Open(path, FileFlags, out var other);
        if (errno == Errno.Success)
        {
            // Once at home, so that nothing is loaded, compiled or started while the thread is away.
            errno = Enter(own);
            if (errno == Errno.Success && (errno = NetlinkSession.TryOpen(withSockets, out var rehearsal)) == Errno.Success)
            {
                rehearsal!.Dispose();
                errno = Enter(other);
                if (errno == Errno.Success)
                {
                    errno = NetlinkSession.TryOpen(withSockets, out session);
                    _ = Enter(own);
                }
            }

            _ = LibC.Close(other);
        }

        _ = LibC.Close(own);
        return errno;
    }

    private static int Enter(int file) => SetNamespace(file, NetworkNamespace) == 0 ? Errno.Success : Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int file, int type);
}
