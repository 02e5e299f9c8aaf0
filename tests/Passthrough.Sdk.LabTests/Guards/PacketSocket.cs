using System.Net;
using System.Net.Sockets;

namespace Passthrough.LabTests.Guards;

/// <summary>A packet socket on one interface, as a sniffer, an LLDP daemon or a DHCP client has it.</summary>
internal static class PacketSocket
{
    /// <summary>Opens one.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="frames">ETH_P_*.</param>
    public static Socket Open(string name, ushort frames)
    {
        var number = unchecked((ushort)IPAddress.HostToNetworkOrder((short)frames));
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)number);
        socket.Bind(new EndOfInterface(File.ReadAllText($"/sys/class/net/{name}/ifindex").Trim(), number));
        return socket;
    }

    /// <summary>struct sockaddr_ll: family, kind of frames in network order, interface, and what only a sender fills in.</summary>
    private sealed class EndOfInterface(string index, ushort frames) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            var (number, kind) = (BitConverter.GetBytes(int.Parse(index, System.Globalization.CultureInfo.InvariantCulture)), BitConverter.GetBytes(frames));
            for (var i = 0; i < 2; i++)
            {
                address[2 + i] = kind[i];
            }

            for (var i = 0; i < 4; i++)
            {
                address[4 + i] = number[i];
            }

            return address;
        }
    }
}
