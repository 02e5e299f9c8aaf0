using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Drivers;

/// <summary>The virtual functions of one network interface, over netlink. Source: linux/if_link.h, net/core/rtnetlink.c (do_setvfinfo).</summary>
/// <param name="netlink">The kernel's netlink.</param>
/// <param name="name">The name of the interface, for messages.</param>
/// <param name="index">The number of the interface.</param>
internal sealed class VirtualFunctionLink(INetlinkSource netlink, string name, int index)
{
    private const ushort MacAttribute = 1;
    private const ushort VlanAttribute = 2;
    private const ushort SpoofCheckAttribute = 4;
    private const ushort TrustAttribute = 9;
    private const ushort VlanListAttribute = 12;
    private const ushort VlanInfoAttribute = 1;
    private const ushort ServiceTag = 0x88a8;

    // struct ifla_vf_mac: the index, and room for the longest hardware address.
    private const int MacSize = 4 + 32;
    private const int VlanInfoSize = 16;

    /// <summary>Gets the name of the interface.</summary>
    public string Name => name;

    /// <summary>Reads the settings of all virtual functions.</summary>
    public Fact<ValueList<InterfaceVirtualFunction>> Read()
    {
        var errno = netlink.TryOpen(path: null, withSockets: false, out var session);
        if (session is null)
        {
            return Fact.Unknown<ValueList<InterfaceVirtualFunction>>("rtnetlink (ip link show)", Errno.Describe(errno));
        }

        using (session)
        {
            return VirtualFunctionTable.Read(session, index);
        }
    }

    /// <summary>Makes one setting. The call lasts until the driver has done it: the kernel works inside the call that sends the request, and no signal interrupts it.</summary>
    /// <returns>0, or the errno with which the kernel refused it.</returns>
    public int Set(VirtualFunctionSetting setting)
    {
        var errno = netlink.TryOpen(path: null, withSockets: false, out var session);
        if (session is null)
        {
            return errno;
        }

        using (session)
        {
            return session.TryAsk(RequestOf(setting), out _);
        }
    }

    /// <summary>The message for a setting.</summary>
    internal byte[] RequestOf(VirtualFunctionSetting setting)
    {
        switch (setting.Name)
        {
            case VirtualFunctionSetting.Mac:
                var mac = new byte[MacSize];
                Write(mac, 0, (uint)setting.Index);
                (MacText.TryParse(setting.Value, out var bytes) ? bytes : throw Malformed(setting)).CopyTo(mac, 4);
                return NetlinkRequest.SetVirtualFunction(index, MacAttribute, mac);
            case VirtualFunctionSetting.Vlan:
                return RequestOf(setting.Index, VlanTag.Parse(setting.Value) ?? throw Malformed(setting));
            default:
                var isOn = setting.Value == VirtualFunctionSetting.On ? 1u : 0;
                return NetlinkRequest.SetVirtualFunction(
                    index, setting.Name == VirtualFunctionSetting.Trust ? TrustAttribute : SpoofCheckAttribute, Numbers(8, (uint)setting.Index, isOn));
        }
    }

    // A kernel before 4.9 has no list: it is used only for what it alone can say.
    private byte[] RequestOf(int function, VlanTag vlan)
    {
        if (!vlan.IsServiceTag)
        {
            return NetlinkRequest.SetVirtualFunction(index, VlanAttribute, Numbers(12, (uint)function, (uint)vlan.Id, (uint)vlan.Priority));
        }

        var list = new byte[4 + VlanInfoSize];
        MemoryMarshal.Write(list.AsSpan(), (ushort)list.Length);
        MemoryMarshal.Write(list.AsSpan(2), VlanInfoAttribute);
        Numbers(VlanInfoSize, (uint)function, (uint)vlan.Id, (uint)vlan.Priority).CopyTo(list, 4);
        BinaryPrimitives.WriteUInt16BigEndian(list.AsSpan(4 + 12), ServiceTag);
        return NetlinkRequest.SetVirtualFunction(index, VlanListAttribute, list);
    }

    private static byte[] Numbers(int size, params ReadOnlySpan<uint> numbers)
    {
        var bytes = new byte[size];
        for (var i = 0; i < numbers.Length; i++)
        {
            Write(bytes, i * sizeof(uint), numbers[i]);
        }

        return bytes;
    }

    private static void Write(byte[] bytes, int offset, uint value) => MemoryMarshal.Write(bytes.AsSpan(offset), value);

    private static ArgumentException Malformed(VirtualFunctionSetting setting) => new($"'{setting.Value}' is not a value of the setting {setting.Name} of a virtual function");
}
