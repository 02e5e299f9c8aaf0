using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// A <c>&lt;hostdev&gt;</c>: a device of the host that is assigned to a domain (libvirt: formatdomain, "Host device assignment").
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public abstract record HostDevice : PassthroughDevice
{
    private protected HostDevice()
    {
    }

    private protected HostDevice(XmlElementView element, ReadOnlySpan<string> attributes, ReadOnlySpan<string> children)
        : base(element, attributes, children)
    {
    }

    /// <summary>Gets its type in the XML: <c>pci</c>, <c>usb</c>, <c>scsi</c>, <c>scsi_host</c>, <c>mdev</c>, <c>storage</c>, <c>misc</c> or <c>net</c>.</summary>
    public abstract string Type { get; }

    internal override string ElementName => "hostdev";

    /// <summary>Whether it has the framebuffer that only one device of a domain can have.</summary>
    internal virtual bool HasFramebuffer => false;

    /// <summary>Reads a <c>&lt;hostdev&gt;</c> element.</summary>
    /// <param name="xml">The element, as in a domain's XML or as passed to <c>virsh attach-device</c>.</param>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, is not a host device, or libvirt would refuse it.</exception>
    public static HostDevice Parse(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "hostdev" ? (HostDevice)TryRead(root)! : throw root.Error("is not a host device;  <hostdev> is expected");
    }

    internal static HostDevice Dispatch(XmlElementView element)
    {
        element.Require("type");
        element.TryAttribute("type", out var type);
        return (element.TryAttribute("mode", out var mode) ? mode : "subsystem") switch
        {
            "subsystem" => type switch
            {
                "pci" => Pci(element),
                "usb" => Usb(element),
                "scsi" => Scsi(element),
                "scsi_host" => VhostScsi(element),
                "mdev" => Mediated(element),
                _ => throw element.Error($"'type' is '{type}' and must be one of: pci, usb, scsi, scsi_host, mdev"),
            },
            "capabilities" => type switch
            {
                "storage" => Storage(element),
                "misc" => Character(element),
                "net" => Net(element),
                _ => throw element.Error($"'type' is '{type}' and must be one of: storage, misc, net"),
            },
            _ => throw element.Error($"'mode' is '{mode}' and must be 'subsystem' or 'capabilities'"),
        };
    }

    // One method for each kind, so that only the type of the kind that is there is loaded; the usual kind may be inlined.
    private static PciHostDevice Pci(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UsbHostDevice Usb(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ScsiHostDevice Scsi(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static VhostScsiHostDevice VhostScsi(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MediatedHostDevice Mediated(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StorageHostDevice Storage(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CharacterHostDevice Character(XmlElementView element) => new(element);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NetHostDevice Net(XmlElementView element) => new(element);

    private protected void WriteKind(ref XmlOut xml, string mode = "subsystem")
    {
        xml.Attribute("mode", mode);
        xml.Attribute("type", Type);
        xml.YesNo("managed", mode == "subsystem" ? Managed : null);
    }
}
