using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>Writes messages as the kernel does: header, fixed part, attributes, each padded to four bytes.</summary>
internal static class NetlinkBytes
{
    public static byte[] Message(ushort type, byte[] payload, ushort flags = 2, uint sequence = 1)
    {
        var bytes = new byte[(16 + payload.Length + 3) & ~3];
        BitConverter.TryWriteBytes(bytes, (uint)(16 + payload.Length));
        BitConverter.TryWriteBytes(bytes.AsSpan(4), type);
        BitConverter.TryWriteBytes(bytes.AsSpan(6), flags);
        BitConverter.TryWriteBytes(bytes.AsSpan(8), sequence);
        payload.CopyTo(bytes, 16);
        return bytes;
    }

    public static byte[] Attribute(ushort type, params byte[][] values)
    {
        byte[] value = [.. values.SelectMany(v => v)];
        var bytes = new byte[(4 + value.Length + 3) & ~3];
        BitConverter.TryWriteBytes(bytes, (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(bytes.AsSpan(2), type);
        value.CopyTo(bytes, 4);
        return bytes;
    }

    public static byte[] Number(int value) => BitConverter.GetBytes(value);

    public static byte[] Text(string value) => [.. Encoding.UTF8.GetBytes(value), 0];

    public static byte[] Ip(string value) => IPAddress.Parse(value).GetAddressBytes();

    public static byte[] Link(int index, string name, bool isUp = true, ushort hardware = 1, params byte[][] attributes) =>
        Message(16, [0, 0, .. BitConverter.GetBytes(hardware), .. Number(index), .. Number(isUp ? 0x1003 : 0x1002), .. Number(0), .. Attribute(3, Text(name)), .. attributes.SelectMany(a => a)]);

    public static byte[] Kind(string kind, params byte[][] data) =>
        Attribute(18, data.Length == 0 ? [Attribute(1, Text(kind))] : [Attribute(1, Text(kind)), Attribute(2, data)]);

    public static byte[] Address(int index, string address, byte prefix, byte flags = 0x80, string? peer = null) =>
        Message(20, [(byte)(address.Contains(':', StringComparison.Ordinal) ? 10 : 2), prefix, flags, 0, .. Number(index), .. Attribute(1, Ip(peer ?? address)), .. peer is null ? [] : Attribute(2, Ip(address))]);

    public static byte[] Route(byte family, byte prefix, byte table, byte protocol, byte type, params byte[][] attributes) =>
        Message(24, [family, prefix, 0, 0, table, protocol, 0, type, .. Number(0), .. attributes.SelectMany(a => a)]);

    public static byte[] Rule(byte family, byte table, params byte[][] attributes) =>
        Message(32, [family, 0, 0, 0, table, 0, 0, 1, .. Number(0), .. attributes.SelectMany(a => a)]);

    public static byte[] Socket(byte state, int index, string local, ushort localPort, string remote, ushort remotePort, uint inode)
    {
        var bytes = new byte[72];
        bytes[0] = (byte)(local.Contains(':', StringComparison.Ordinal) ? 10 : 2);
        bytes[1] = state;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), localPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), remotePort);
        Ip(local).CopyTo(bytes, 8);
        Ip(remote).CopyTo(bytes, 24);
        BitConverter.TryWriteBytes(bytes.AsSpan(40), index);
        BitConverter.TryWriteBytes(bytes.AsSpan(68), inode);
        return Message(20, bytes);
    }
}
