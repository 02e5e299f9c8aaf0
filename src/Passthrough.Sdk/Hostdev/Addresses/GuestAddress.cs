using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The address of a device in the guest: the <c>&lt;address type='...'&gt;</c> of a device.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public abstract record GuestAddress
{
    private protected GuestAddress()
    {
    }

    /// <summary>Gets the kind of the address in the XML: <c>pci</c>, <c>drive</c>, <c>usb</c>, <c>ccw</c>, <c>unassigned</c> or another of libvirt's.</summary>
    public abstract string Type { get; }

    /// <summary>Gets the attributes and child elements that this library does not know; null for none.</summary>
    public UnknownXml? Unknown { get; init; }

    internal static GuestAddress Read(XmlElementView element) => Kind(element) switch
    {
        "pci" => Pci(element),
        "drive" => Drive(element),
        "usb" => Usb(element),
        "ccw" => Ccw(element),
        "unassigned" => Unassigned(element),
        var type => Other(element, type),
    };

    // One method for each kind, so that only the type of the kind that is there is loaded; the usual kind may be inlined.
    private static PciGuestAddress Pci(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DriveGuestAddress Drive(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UsbGuestAddress Usb(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CcwGuestAddress Ccw(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnassignedGuestAddress Unassigned(XmlElementView element) => new() { Unknown = UnknownXml.Of(element, ["type"], []) };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OtherGuestAddress Other(XmlElementView element, ReadOnlySpan<char> type) =>
        new(type.ToString()) { Unknown = UnknownXml.Of(element, ["type"], []) };

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
