using System.Net;
using System.Net.Sockets;

namespace Passthrough.Sdk.LibvirtTests.Remote;

/// <summary>A port of the loopback interface on which nobody listens now.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
