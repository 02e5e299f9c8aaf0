using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The location of a USB device on the host: a bus, and a device number or a port (<c>lsusb -t</c>).</summary>
/// <remarks>The device number changes whenever the device is plugged in; the port is a physical socket. Thread safety: immutable.</remarks>
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

    /// <summary>Gets the bus number.</summary>
    public uint Bus { get; }

    /// <summary>Gets the device number on the bus; null if there is a port.</summary>
    public uint? Device { get; }

    /// <summary>Gets the port, through hubs separated by dots: <c>1.2</c>; null if there is a device number. libvirt 12.</summary>
    public string? Port { get; }

    internal UnknownXml? Unknown { get; }

    /// <summary>Creates a location by device number.</summary>
    /// <param name="bus">Bus number.</param>
    /// <param name="device">Device number.</param>
    public static UsbPlace OfDevice(uint bus, uint device) => new(bus, device, null);

    /// <summary>Creates a location by port; requires libvirt 12.</summary>
    /// <param name="bus">Bus number.</param>
    /// <param name="port">One to four numbers separated by dots.</param>
    /// <exception cref="LibvirtXmlException">The port does not have this form.</exception>
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
