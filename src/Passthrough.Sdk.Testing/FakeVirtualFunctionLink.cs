using System.Buffers.Binary;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// The netlink of a fake host: it answers questions about single interfaces with their virtual functions, and sets these. Source: linux/if_link.h,
/// net/core/rtnetlink.c.
/// </summary>
internal sealed class FakeVirtualFunctionLink(FakeHost host) : INetlinkSource, INetlinkSession
{
    private const ushort NewLink = 16;
    private const ushort GetLink = 18;
    private const ushort SetLink = 19;
    private const int Fixed = 16;

    public bool IsWhole => false;

    public int TryOpen(string? path, bool withSockets, out INetlinkSession? session)
    {
        session = path is null ? this : null;
        return path is null ? Errno.Success : Errno.NotFound;
    }

    public int TryAsk(byte[] request, out byte[] messages)
    {
        messages = [];
        ReadOnlyMemory<byte> payload = request.AsMemory(NetlinkRequest.HeaderSize);
        var index = NetlinkMessage.Int32(payload[4..]);
        lock (host.Gate)
        {
            switch (BitConverter.ToUInt16(request, 4))
            {
                case GetLink when host.InterfaceOf(index) is { } name:
                    messages = Answer(index, name, host.FunctionsOf(index));
                    return Errno.Success;
                case SetLink when host.InterfaceOf(index) is not null:
                    return Set(index, payload);
                case GetLink or SetLink:
                    return Errno.NoDevice;
                default:
                    return Errno.NotSupported;
            }
        }
    }

    public int TryNamespaceId(string path, out int id)
    {
        id = -1;
        return Errno.NotSupported;
    }

    public void Dispose()
    {
    }

    private int Set(int index, ReadOnlyMemory<byte> payload)
    {
        foreach (var (type, value) in NetlinkMessage.Attributes(payload, Fixed).Where(list => list.Type == 22)
            .SelectMany(list => NetlinkMessage.Attributes(list.Value, 0)).SelectMany(info => NetlinkMessage.Attributes(info.Value, 0)))
        {
            // A list has its one element inside.
            var setting = type == 12 ? NetlinkMessage.Attributes(value, 0).First().Value : value;
            var number = NetlinkMessage.UInt32(setting[4..]);
            var errno = host.SetFunction(index, NetlinkMessage.Int32(setting), type switch
            {
                1 => function => function with { MacAddress = string.Join(':', setting.Slice(4, 6).ToArray().Select(part => $"{part:x2}")) },
                2 => function => function with { Vlan = new VlanTag((int)number, NetlinkMessage.Int32(setting[8..])) },
                12 => function => function with
                {
                    Vlan = new VlanTag((int)number, NetlinkMessage.Int32(setting[8..])) { IsServiceTag = BinaryPrimitives.ReadUInt16BigEndian(setting.Span[12..]) == 0x88a8 },
                },
                4 => function => function with { ChecksSpoofing = number != 0 },
                9 => function => function with { IsTrusted = number != 0 },
                _ => null,
            });
            if (errno != Errno.Success)
            {
                return errno;
            }
        }

        return Errno.Success;
    }

    private static byte[] Answer(int index, string name, IReadOnlyList<InterfaceVirtualFunction>? functions)
    {
        byte[] payload =
        [
            0, 0, 1, 0, .. BitConverter.GetBytes(index), .. new byte[8],
            .. Attribute(3, [.. Encoding.UTF8.GetBytes(name), 0]),
            .. functions is null ? [] : Attribute(21, BitConverter.GetBytes(functions.Count)),
            .. functions is null or [] ? [] : Attribute(22, [.. functions.SelectMany(function => Attribute(1, Of(function)))]),
        ];
        return [.. BitConverter.GetBytes(NetlinkRequest.HeaderSize + payload.Length), .. BitConverter.GetBytes(NewLink), .. new byte[10], .. payload];
    }

    private static byte[] Of(InterfaceVirtualFunction function)
    {
        var vlan = function.Vlan ?? VlanTag.None;
        byte[] tag = [.. Numbers(function.Index, vlan.Id, vlan.Priority)];
        return
        [
            .. Attribute(1, [.. Numbers(function.Index), .. (function.MacAddress ?? "").Split(':').Select(part => Convert.ToByte(part, 16)), .. new byte[26]]),
            .. Attribute(2, tag),
            .. Attribute(4, Numbers(function.Index, function.ChecksSpoofing is { } check ? check ? 1 : 0 : -1)),
            .. Attribute(5, Numbers(function.Index, (int)(function.LinkState ?? VirtualFunctionLinkState.Auto))),
            .. Attribute(6, Numbers(function.Index, function.MinimumTransmitRate ?? 0, function.MaximumTransmitRate ?? 0)),
            .. Attribute(9, Numbers(function.Index, function.IsTrusted is { } trust ? trust ? 1 : 0 : -1)),
            .. Attribute(12, Attribute(1, [.. tag, .. vlan.IsServiceTag ? new byte[] { 0x88, 0xa8 } : [0x81, 0], 0, 0])),
        ];
    }

    private static byte[] Numbers(params ReadOnlySpan<int> numbers)
    {
        var bytes = new byte[numbers.Length * sizeof(int)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        }

        return bytes;
    }

    private static byte[] Attribute(ushort type, byte[] value)
    {
        var bytes = new byte[(4 + value.Length + 3) & ~3];
        BitConverter.TryWriteBytes(bytes, (ushort)(4 + value.Length));
        BitConverter.TryWriteBytes(bytes.AsSpan(2), type);
        value.CopyTo(bytes, 4);
        return bytes;
    }
}
