using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>Where a device is in the guest: the <c>&lt;address type='...'&gt;</c> of a device.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public abstract record GuestAddress
{
    private protected GuestAddress()
    {
    }

    /// <summary>The kind of the address in the XML: <c>pci</c>, <c>drive</c>, <c>usb</c>, <c>ccw</c>, <c>unassigned</c> or another of libvirt's.</summary>
    public abstract string Type { get; }

    /// <summary>What stands in the element that this library does not know; null for nothing.</summary>
    public UnknownXml? Unknown { get; init; }

    internal static GuestAddress Read(XmlElementView element) => Kind(element) switch
    {
        "pci" => new PciGuestAddress(element),
        "drive" => new DriveGuestAddress(element),
        "usb" => new UsbGuestAddress(element),
        "ccw" => new CcwGuestAddress(element),
        "unassigned" => new UnassignedGuestAddress { Unknown = UnknownXml.Of(element, ["type"], []) },
        var type => new OtherGuestAddress(type.ToString()) { Unknown = UnknownXml.Of(element, ["type"], []) },
    };

    private static ReadOnlySpan<char> Kind(XmlElementView element)
    {
        element.Require("type");
        element.TryAttribute("type", out var type);
        return type;
    }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("address", Unknown);
        xml.Attribute("type", Type);
        WriteParts(ref xml);
        xml.End();
    }

    private protected virtual void WriteParts(ref XmlOut xml)
    {
    }
}
