using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs.Netlink;

/// <summary>Sockets of NETLINK_ROUTE and NETLINK_SOCK_DIAG.</summary>
internal sealed unsafe partial class NetlinkSession : INetlinkSession
{
    private const int NetlinkFamily = 16;
    private const int RawSocket = 3;
    private const int RouteProtocol = 0;
    private const int DiagnosisProtocol = 4;
    private const int SocketLevel = 1;
    private const int ReceiveTimeout = 20;
    private const int BufferSize = 64 * 1024;
    private const int MostTries = 4;

    // A router with all routes of the internet has some hundred megabytes of them; nobody gives its interfaces away.
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly int _routing;
    private readonly int _diagnosis;
    private uint _sequence;

    private NetlinkSession(int routing, int diagnosis) => (_routing, _diagnosis) = (routing, diagnosis);

    /// <summary>Opens the sockets in the network namespace of the calling thread; no rights are needed.</summary>
    public static int TryOpen(bool withSockets, out INetlinkSession? session)
    {
        session = null;
        var errno = TrySocket(RouteProtocol, out var routing);
        if (errno != Errno.Success)
        {
            return errno;
        }

        var diagnosis = -1;
        if (withSockets)
        {
            // Without it the question about sockets fails later, and only that.
            _ = TrySocket(DiagnosisProtocol, out diagnosis);
        }

        session = new NetlinkSession(routing, diagnosis);
        return Errno.Success;
    }

    public int TryAsk(byte[] request, out byte[] messages)
    {
        var socket = NetlinkRequest.IsAboutSockets(request) ? _diagnosis : _routing;
        messages = [];
        if (socket < 0)
        {
            return Errno.NotImplemented;
        }

        for (var attempt = 1; ; attempt++)
        {
            var errno = TryOnce(socket, request, out messages, out var isWhole);
            if (errno != Errno.Success || isWhole || attempt == MostTries)
            {
                // What changed at every look is not what it says it is.
                return errno != Errno.Success || isWhole ? errno : Errno.Again;
            }
        }
    }

    public int TryNamespaceId(string path, out int id)
    {
        id = -1;
        var errno = LinuxSysfs.Machine.Open(path, LibC.ReadOnly | LibC.CloseOnExec | LibC.NonBlocking, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        errno = TryAsk(NetlinkRequest.NamespaceId(file), out var answer);
        _ = LibC.Close(file);
        foreach (var message in NetlinkMessage.Split(answer))
        {
            foreach (var (type, value) in NetlinkMessage.Attributes(message.Payload, 1))
            {
                id = type == 1 ? NetlinkMessage.Int32(value) : id;
            }
        }

        return errno;
    }

    public void Dispose()
    {
        _ = LibC.Close(_routing);
        if (_diagnosis >= 0)
        {
            _ = LibC.Close(_diagnosis);
        }
    }

    private static int TrySocket(int protocol, out int socket)
    {
        socket = Socket(NetlinkFamily, RawSocket | LibC.CloseOnExec, protocol);
        if (socket < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        // The kernel answers at once; a sandbox that swallows the question must not hold a capture up.
        var patience = new TimeValue { Seconds = 5 };
        _ = SetSocketOption(socket, SocketLevel, ReceiveTimeout, &patience, sizeof(TimeValue));
        return Errno.Success;
    }

    private int TryOnce(int socket, byte[] request, out byte[] messages, out bool isWhole)
    {
        isWhole = true;
        messages = [];
        MemoryMarshal.Write(request.AsSpan(8), unchecked(++_sequence));
        var kernel = new NetlinkAddress { Family = NetlinkFamily };
        fixed (byte* bytes = request)
        {
            if (SendTo(socket, bytes, request.Length, 0, &kernel, sizeof(NetlinkAddress)) != request.Length)
            {
                return Marshal.GetLastPInvokeError() is var errno and not 0 ? errno : Errno.IoError;
            }
        }

        var all = new MemoryStream();
        var buffer = new byte[BufferSize];
        while (true)
        {
            int length;
            var sender = default(NetlinkAddress);
            var senderSize = sizeof(NetlinkAddress);
            fixed (byte* bytes = buffer)
            {
                length = (int)ReceiveFrom(socket, bytes, buffer.Length, 0, &sender, &senderSize);
            }

            if (length < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == Errno.Interrupted)
                {
                    continue;
                }

                return errno == Errno.Again ? Errno.TimedOut : errno;
            }

            // Anybody may send to the socket; the kernel has no port.
            if (sender.Port != 0)
            {
                continue;
            }

            foreach (var message in NetlinkMessage.Split(buffer.AsMemory(0, length)))
            {
                if (message.Sequence != _sequence)
                {
                    continue;
                }

                isWhole &= (message.Flags & NetlinkMessage.IsInterrupted) == 0;
                if (message.Type is NetlinkMessage.Done or NetlinkMessage.Error)
                {
                    // Both begin with the number of an error, negative; 0 is none.
                    var result = unchecked(-NetlinkMessage.Int32(message.Payload));
                    messages = result == Errno.Success ? all.ToArray() : [];
                    return result;
                }

                Append(all, message);
                if ((message.Flags & NetlinkMessage.IsPart) == 0)
                {
                    messages = all.ToArray();
                    return Errno.Success;
                }
            }

            if (all.Length > MostBytes)
            {
                return Errno.TooLarge;
            }
        }
    }

    private static void Append(MemoryStream all, NetlinkMessage message)
    {
        Span<byte> header = stackalloc byte[NetlinkRequest.HeaderSize];
        header.Clear();
        MemoryMarshal.Write(header, NetlinkRequest.HeaderSize + message.Payload.Length);
        MemoryMarshal.Write(header[4..], message.Type);
        all.Write(header);
        all.Write(message.Payload.Span);
        while (all.Length % 4 != 0)
        {
            all.WriteByte(0);
        }
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetSocketOption(int socket, int level, int option, void* value, int size);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendTo(int socket, byte* buffer, nint size, int flags, NetlinkAddress* address, int addressSize);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    private static partial nint ReceiveFrom(int socket, byte* buffer, nint size, int flags, NetlinkAddress* sender, int* senderSize);

    /// <summary>struct sockaddr_nl of linux/netlink.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }

    /// <summary>struct timeval on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeValue
    {
        public nint Seconds;
        public nint Microseconds;
    }
}
