using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>An address on the guest's USB bus: <c>&lt;address type='usb' bus='0' port='1.2'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record UsbGuestAddress : GuestAddress
{
    private static readonly string[] KnownAttributes = ["type", "bus", "port"];

    /// <summary>Creates an address on the first bus.</summary>
    public UsbGuestAddress()
    {
    }

    internal UsbGuestAddress(XmlElementView element)
    {
        Bus = element.Decimal("bus") ?? 0;
        Port = element.Attribute("port");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    /// <summary>Gets the index of the USB controller.</summary>
    public uint Bus { get; init; }

    /// <summary>Gets the port, through at most three hubs: <c>1</c>, <c>1.2</c>; null lets libvirt choose it.</summary>
    /// <exception cref="LibvirtXmlException">The value is not one to four numbers separated by dots.</exception>
    public string? Port { get; init => field = UsbPort.Check(value, "address"); }

    /// <inheritdoc/>
    public override string Type => "usb";

    private protected override void WriteParts(ref XmlOut xml)
    {
        xml.Number("bus", Bus);
        xml.Attribute("port", Port);
    }
}
