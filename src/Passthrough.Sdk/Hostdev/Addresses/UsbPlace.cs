

using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>Where a USB device is on the host: a bus, and a device number or a port (<c>lsusb -t</c>).</summary>
/// <remarks>A device number changes with each plugging; a port is a socket. Thread safety: immutable.</remarks>
public sealed record UsbPlace
{
    private static readonly string[] KnownAttributes = ["bus", "device", "port"];

    private UsbPlace(uint bus, uint? device, string? port) => (Bus, Device, Port) = (bus, device, port);

    internal UsbPlace(XmlElementView element)
    {
        element.Require("bus");
        Bus = element.Number("bus")!.Value;
        Device = element.Number("device");
        Port = UsbPort.Check(element.Attribute("port"), "hostdev/source/address");
        if (Device is null == Port is null)
        {
            throw element.Error("needs either 'device' or 'port'");
        }

        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    /// <summary>Bus number.</summary>
    public uint Bus { get; }

    /// <summary>Device number on the bus; null when there is a port.</summary>
    public uint? Device { get; }

    /// <summary>Port, through hubs with points between: <c>1.2</c>; null when there is a device number. libvirt 12.</summary>
    public string? Port { get; }

    internal UnknownXml? Unknown { get; }

    /// <summary>By device number.</summary>
    /// <param name="bus">Bus number.</param>
    /// <param name="device">Device number.</param>
    public static UsbPlace OfDevice(uint bus, uint device) => new(bus, device, null);

    /// <summary>By port; needs libvirt 12.</summary>
    /// <param name="bus">Bus number.</param>
    /// <param name="port">One to four numbers with points between.</param>
    /// <exception cref="LibvirtXmlException">The port is not written so.</exception>
    public static UsbPlace OfPort(uint bus, string port)
    {
        ArgumentNullException.ThrowIfNull(port);
        return new(bus, null, UsbPort.Check(port, "hostdev/source/address"));
    }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("address", Unknown);
        xml.Number("bus", Bus);
        xml.Number("device", Device);
        xml.Attribute("port", Port);
        xml.End();
    }
}
