using System.Buffers.Binary;
using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>
/// Reads the virtual functions of one interface from the kernel's answer. Nothing here throws, whatever the bytes. Source: linux/if_link.h,
/// net/core/rtnetlink.c (rtnl_fill_vf).
/// </summary>
internal static class VirtualFunctionTable
{
    private const string Source = "rtnetlink (ip link show)";
    private const ushort NewLink = 16;
    private const int Fixed = 16;
    private const int Ethernet = 1;
    private const int MacSize = 6;
    private const ushort ServiceTag = 0x88a8;

    // A driver that does not know a setting leaves the kernel's -1.
    private const uint NotReported = uint.MaxValue;

    /// <summary>Asks for those of an interface.</summary>
    /// <param name="session">Sockets in the network namespace of the interface.</param>
    /// <param name="index">The number of the interface.</param>
    public static Fact<ValueList<InterfaceVirtualFunction>> Read(INetlinkSession session, int index)
    {
        var errno = session.TryAsk(NetlinkRequest.VirtualFunctionsOf(index), out var answer);
        return errno == Errno.Success ? Parse(answer) : Fact.Unknown<ValueList<InterfaceVirtualFunction>>(Source, Errno.Describe(errno));
    }

    /// <summary>Takes the answer apart. Unknown if the driver reports fewer virtual functions than there are.</summary>
    public static Fact<ValueList<InterfaceVirtualFunction>> Parse(ReadOnlyMemory<byte> answer)
    {
        var message = NetlinkMessage.Split(answer).FirstOrDefault(message => message.Type == NewLink && message.Payload.Length >= Fixed);
        if (message.Type != NewLink)
        {
            return Fact.Unknown<ValueList<InterfaceVirtualFunction>>(Source, "the kernel's answer has no interface");
        }

        var isEthernet = NetlinkMessage.UInt16(message.Payload[2..]) == Ethernet;
        var count = (uint?)null;
        var functions = new List<InterfaceVirtualFunction>();
        foreach (var (type, value) in NetlinkMessage.Attributes(message.Payload, Fixed))
        {
            if (type == 21)
            {
                count = NetlinkMessage.UInt32(value);
            }
            else if (type == 22)
            {
                functions.AddRange(NetlinkMessage.Attributes(value, 0).Where(entry => entry.Type == 1).Select(entry => One(entry.Value, isEthernet)).OfType<InterfaceVirtualFunction>());
            }
        }

        return count is null ? Fact.Absent<ValueList<InterfaceVirtualFunction>>(Source)
            : count == (uint)functions.Count ? Fact.Known(functions.ToValueList(), Source)
            : Fact.Unknown<ValueList<InterfaceVirtualFunction>>(
                Source,
                functions.Count == 0
                    ? "the driver does not report the settings of its virtual functions"
                    : string.Create(CultureInfo.InvariantCulture, $"the kernel reported the settings of {functions.Count} of {count} virtual functions"));
    }

    private static InterfaceVirtualFunction? One(ReadOnlyMemory<byte> attributes, bool isEthernet)
    {
        InterfaceVirtualFunction? function = null;
        var isServiceTag = false;
        foreach (var (type, value) in NetlinkMessage.Attributes(attributes, 0))
        {
            if (value.Length < sizeof(uint) || type is not (1 or 2 or 4 or 5 or 6 or 9 or 12))
            {
                continue;
            }

            if (type == 12)
            {
                isServiceTag = NetlinkMessage.Attributes(value, 0).Any(info => info.Type == 1 && info.Value.Length >= 14 && BinaryPrimitives.ReadUInt16BigEndian(info.Value.Span[12..]) == ServiceTag);
                continue;
            }

            // Every one begins with the index.
            function ??= new InterfaceVirtualFunction { Index = NetlinkMessage.Int32(value) };
            var setting = NetlinkMessage.UInt32(value[4..]);
            function = type switch
            {
                1 when isEthernet && value.Length >= sizeof(uint) + MacSize => function with { MacAddress = Mac(value.Span.Slice(sizeof(uint), MacSize)) },
                2 when value.Length >= 12 => function with { Vlan = new VlanTag((int)(setting & 0xfff), (int)(NetlinkMessage.UInt32(value[8..]) & 7)) },
                4 when value.Length >= 8 => function with { ChecksSpoofing = setting == NotReported ? null : setting != 0 },
                5 when value.Length >= 8 && setting <= (uint)VirtualFunctionLinkState.Disabled => function with { LinkState = (VirtualFunctionLinkState)setting },
                6 when value.Length >= 12 => function with { MinimumTransmitRate = Rate(setting), MaximumTransmitRate = Rate(NetlinkMessage.UInt32(value[8..])) },
                9 when value.Length >= 8 => function with { IsTrusted = setting == NotReported ? null : setting != 0 },
                _ => function,
            };
        }

        return isServiceTag && function?.Vlan is { } vlan ? function with { Vlan = vlan with { IsServiceTag = true } } : function;
    }

    private static int Rate(uint rate) => (int)Math.Min(rate, int.MaxValue);

    private static string Mac(ReadOnlySpan<byte> bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}:{bytes[4]:x2}:{bytes[5]:x2}");
}
