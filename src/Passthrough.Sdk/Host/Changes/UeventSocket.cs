using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Changes;

/// <summary>The kernel's own messages (NETLINK_KOBJECT_UEVENT), not those that udev sends on.</summary>
internal sealed unsafe partial class UeventSocket : IUeventSource
{
    private const int NetlinkFamily = 16;
    private const int RawSocket = 3;
    private const int KobjectUevent = 15;
    private const int SocketLevel = 1;
    private const int ReceiveBufferForce = 33;
    private const int ReceiveBuffer = 8;
    private const int BufferSize = 8 * 1024 * 1024;
    private const uint KernelGroup = 1;
    private const short PollIn = 1;

    private readonly int _socket;
    private readonly int _stop;

    private UeventSocket(int socket, int stop)
    {
        _socket = socket;
        _stop = stop;
    }

    /// <summary>Opens the socket; no rights are needed.</summary>
    /// <exception cref="HostSourceException">The kernel or a sandbox gives no such socket.</exception>
    public static UeventSocket Open()
    {
        var socket = Socket(NetlinkFamily, RawSocket | LibC.CloseOnExec, KobjectUevent);
        if (socket < 0)
        {
            throw Failed("socket");
        }

        // A burst of a thousand virtual functions is a megabyte. More than the limit needs rights; the limit does not.
        var size = BufferSize;
        if (SetSocketOption(socket, SocketLevel, ReceiveBufferForce, &size, sizeof(int)) != 0)
        {
            _ = SetSocketOption(socket, SocketLevel, ReceiveBuffer, &size, sizeof(int));
        }

        var address = new NetlinkAddress { Family = NetlinkFamily, Groups = KernelGroup };
        if (Bind(socket, &address, sizeof(NetlinkAddress)) != 0)
        {
            var error = Failed("bind");
            _ = LibC.Close(socket);
            throw error;
        }

        var stop = EventFd(0, LibC.CloseOnExec);
        if (stop < 0)
        {
            var error = Failed("eventfd");
            _ = LibC.Close(socket);
            throw error;
        }

        return new UeventSocket(socket, stop);
    }

    public int Receive(Span<byte> buffer, out int length)
    {
        length = 0;
        var waiting = stackalloc PollEntry[2];
        while (true)
        {
            waiting[0] = new PollEntry { File = _socket, Events = PollIn };
            waiting[1] = new PollEntry { File = _stop, Events = PollIn };
            if (Poll(waiting, 2, -1) < 0)
            {
                if (Marshal.GetLastPInvokeError() == Errno.Interrupted)
                {
                    continue;
                }

                return Marshal.GetLastPInvokeError();
            }

            if (waiting[1].Returned != 0)
            {
                return Errno.Canceled;
            }

            fixed (byte* bytes = buffer)
            {
                NetlinkAddress sender = default;
                var senderSize = sizeof(NetlinkAddress);
                var received = ReceiveFrom(_socket, bytes, buffer.Length, 0, &sender, &senderSize);
                if (received < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }

                // Anybody may send to the socket; the kernel has no port.
                if (sender.Port == 0)
                {
                    length = (int)received;
                    return Errno.Success;
                }
            }
        }
    }

    public void Stop()
    {
        ulong one = 1;
        _ = LibC.Write(_stop, (byte*)&one, sizeof(ulong));
    }

    public void Dispose()
    {
        _ = LibC.Close(_socket);
        _ = LibC.Close(_stop);
    }

    private static HostSourceException Failed(string call) =>
        new("netlink", $"{call} for the kernel's device messages failed: {Errno.Describe(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, NetlinkAddress* address, int size);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetSocketOption(int socket, int level, int option, void* value, int size);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    private static partial nint ReceiveFrom(int socket, byte* buffer, nint size, int flags, NetlinkAddress* sender, int* senderSize);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint value, int flags);

    /// <summary>struct sockaddr_nl of linux/netlink.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Returned;
    }
}
