using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Sysfs.Netlink;

/// <summary>One message of an answer, and how messages and attributes are told apart. Nothing here throws, whatever the bytes.</summary>
/// <param name="Type">The type of the message, for example RTM_NEWLINK.</param>
/// <param name="Flags">The flags of its header.</param>
/// <param name="Sequence">The sequence number of the request that the message answers.</param>
/// <param name="Payload">The bytes that follow the header.</param>
internal readonly record struct NetlinkMessage(ushort Type, ushort Flags, uint Sequence, ReadOnlyMemory<byte> Payload)
{
    public const ushort Error = 2;
    public const ushort Done = 3;

    /// <summary>More messages follow.</summary>
    public const ushort IsPart = 2;

    /// <summary>Whether the listed data changed during the read.</summary>
    public const ushort IsInterrupted = 0x10;

    private const int AttributeHeader = 4;
    private const ushort TypeMask = 0x3fff;

    /// <summary>The messages in a buffer; what is cut off or says a size that cannot be ends them.</summary>
    public static IEnumerable<NetlinkMessage> Split(ReadOnlyMemory<byte> buffer)
    {
        while (buffer.Length >= NetlinkRequest.HeaderSize)
        {
            var size = UInt32(buffer);
            if (size < NetlinkRequest.HeaderSize || size > (uint)buffer.Length)
            {
                yield break;
            }

            yield return new NetlinkMessage(UInt16(buffer[4..]), UInt16(buffer[6..]), UInt32(buffer[8..]), buffer[NetlinkRequest.HeaderSize..(int)size]);
            buffer = buffer[Math.Min(Align((int)size), buffer.Length)..];
        }
    }

    /// <summary>The attributes behind the fixed part of a payload; none where it is shorter than that.</summary>
    /// <param name="payload">The payload of a message, or an attribute that holds others.</param>
    /// <param name="skip">The size of the fixed part.</param>
    public static IEnumerable<(int Type, ReadOnlyMemory<byte> Value)> Attributes(ReadOnlyMemory<byte> payload, int skip)
    {
        for (var rest = payload[Math.Min(Align(skip), payload.Length)..]; rest.Length >= AttributeHeader;)
        {
            int size = UInt16(rest);
            if (size < AttributeHeader || size > rest.Length)
            {
                yield break;
            }

            yield return (UInt16(rest[2..]) & TypeMask, rest[AttributeHeader..size]);
            rest = rest[Math.Min(Align(size), rest.Length)..];
        }
    }

    /// <summary>A number in the byte order of the machine; 0 if it is cut off.</summary>
    public static uint UInt32(ReadOnlyMemory<byte> bytes) => bytes.Length >= 4 ? MemoryMarshal.Read<uint>(bytes.Span) : 0;

    /// <summary>A signed number likewise.</summary>
    public static int Int32(ReadOnlyMemory<byte> bytes) => bytes.Length >= 4 ? MemoryMarshal.Read<int>(bytes.Span) : 0;

    /// <summary>A short number likewise.</summary>
    public static ushort UInt16(ReadOnlyMemory<byte> bytes) => bytes.Length >= 2 ? MemoryMarshal.Read<ushort>(bytes.Span) : (ushort)0;

    private static int Align(int size) => (size + 3) & ~3;
}
