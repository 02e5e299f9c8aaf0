using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Sysfs.Netlink;

/// <summary>The questions: a header, the fixed part of the kind of question, attributes. Sources: linux/rtnetlink.h, linux/inet_diag.h.</summary>
internal static class NetlinkRequest
{
    public const int HeaderSize = 16;

    private const ushort Request = 1;
    private const ushort Acknowledge = 4;
    private const ushort Dump = 0x300;
    private const int TypeOffset = 4;
    private const int FlagsOffset = 6;

    private const ushort GetLink = 18;
    private const ushort SetLink = 19;
    private const ushort GetAddress = 22;
    private const ushort GetRoute = 26;
    private const ushort GetRule = 34;
    private const ushort GetQueueing = 38;
    private const ushort GetAction = 50;
    private const ushort GetNamespaceId = 90;
    private const ushort SocketDiagnosis = 20;

    private const ushort ExtendedMask = 29;
    private const uint WithVirtualFunctions = 1;
    private const uint WithoutStatistics = 8;
    private const ushort VirtualFunctions = 22;
    private const ushort VirtualFunction = 1;
    private const ushort NamespaceFile = 3;

    private const byte XdpFamily = 44;
    private const uint ShowInfo = 1;

    /// <summary><c>ip -details link</c>, without the counters.</summary>
    public static byte[] Links()
    {
        var request = Make(GetLink, Dump, 16 + 8);
        Attribute(request, HeaderSize + 16, ExtendedMask, WithoutStatistics);
        return request;
    }

    /// <summary><c>ip link show DEVICE</c>, with its virtual functions.</summary>
    /// <remarks>One interface at a time: an answer about many interfaces with many virtual functions each would not fit into one message.</remarks>
    /// <param name="index">The number of the interface.</param>
    public static byte[] VirtualFunctionsOf(int index)
    {
        var request = Make(GetLink, 0, 16 + 8);
        Write(request, HeaderSize + 4, (uint)index);
        Attribute(request, HeaderSize + 16, ExtendedMask, WithVirtualFunctions | WithoutStatistics);
        return request;
    }

    /// <summary><c>ip link set DEVICE vf N ...</c>: one setting of one virtual function. The kernel answers with an errno.</summary>
    /// <param name="index">The number of the interface.</param>
    /// <param name="setting">The setting, IFLA_VF_MAC or another one of linux/if_link.h.</param>
    /// <param name="value">Its structure, which begins with the index of the virtual function; its size is a multiple of 4.</param>
    public static byte[] SetVirtualFunction(int index, ushort setting, ReadOnlySpan<byte> value)
    {
        var request = Make(SetLink, Acknowledge, 16 + 12 + value.Length);
        Write(request, HeaderSize + 4, (uint)index);
        Header(request, HeaderSize + 16, (ushort)(12 + value.Length), VirtualFunctions);
        Header(request, HeaderSize + 20, (ushort)(8 + value.Length), VirtualFunction);
        Header(request, HeaderSize + 24, (ushort)(4 + value.Length), setting);
        value.CopyTo(request.AsSpan(HeaderSize + 28));
        return request;
    }

    /// <summary><c>ip address</c>.</summary>
    public static byte[] Addresses() => Make(GetAddress, Dump, 8);

    /// <summary><c>ip route show table all</c> of every family.</summary>
    public static byte[] Routes() => Make(GetRoute, Dump, 12);

    /// <summary><c>ip rule</c> of every family.</summary>
    public static byte[] Rules() => Make(GetRule, Dump, 12);

    /// <summary><c>tc qdisc</c>.</summary>
    public static byte[] Queueing() => Make(GetQueueing, Dump, 20);

    /// <summary><c>tc actions list action mirred</c>.</summary>
    public static byte[] Redirections()
    {
        // struct tcamsg; in its table the first entry is a kind by name.
        var request = Make(GetAction, Dump, 4 + 4 + 4 + 4 + 8);
        Header(request, HeaderSize + 4, 20, 1);
        Header(request, HeaderSize + 8, 16, 1);
        Header(request, HeaderSize + 12, 4 + 7, 1);
        "mirred\0"u8.CopyTo(request.AsSpan(HeaderSize + 16));
        return request;
    }

    /// <summary>Creates the request for the number of another namespace, which is passed as an open file.</summary>
    public static byte[] NamespaceId(int file)
    {
        var request = Make(GetNamespaceId, 0, 4 + 8);
        Attribute(request, HeaderSize + 4, NamespaceFile, (uint)file);
        return request;
    }

    /// <summary><c>ss</c>: the sockets of a protocol.</summary>
    /// <param name="family">AF_INET or AF_INET6.</param>
    /// <param name="protocol">IPPROTO_TCP, IPPROTO_UDP or IPPROTO_RAW.</param>
    public static byte[] Sockets(byte family, byte protocol)
    {
        var request = Make(SocketDiagnosis, Dump, 56);
        (request[HeaderSize], request[HeaderSize + 1]) = (family, protocol);
        Write(request, HeaderSize + 4, uint.MaxValue);
        return request;
    }

    /// <summary><c>ss --xdp</c>.</summary>
    public static byte[] XdpSockets()
    {
        var request = Make(SocketDiagnosis, Dump, 20);
        request[HeaderSize] = XdpFamily;
        Write(request, HeaderSize + 8, ShowInfo);
        return request;
    }

    /// <summary>Whether a question goes to the kernel's socket diagnosis and not to its routing.</summary>
    public static bool IsAboutSockets(ReadOnlySpan<byte> request) => MemoryMarshal.Read<ushort>(request[TypeOffset..]) == SocketDiagnosis;

    private static byte[] Make(ushort type, ushort flags, int size)
    {
        var request = new byte[HeaderSize + size];
        Write(request, 0, (uint)request.Length);
        MemoryMarshal.Write(request.AsSpan(TypeOffset), type);
        MemoryMarshal.Write(request.AsSpan(FlagsOffset), (ushort)(flags | Request));
        return request;
    }

    private static void Attribute(byte[] request, int offset, ushort type, uint value)
    {
        Header(request, offset, 8, type);
        Write(request, offset + 4, value);
    }

    private static void Header(byte[] request, int offset, ushort size, ushort type)
    {
        MemoryMarshal.Write(request.AsSpan(offset), size);
        MemoryMarshal.Write(request.AsSpan(offset + 2), type);
    }

    private static void Write(byte[] request, int offset, uint value) => MemoryMarshal.Write(request.AsSpan(offset), value);
}
