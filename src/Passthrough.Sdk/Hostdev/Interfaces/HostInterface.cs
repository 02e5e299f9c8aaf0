using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// A virtual function of a network card as an interface of a domain: <c>&lt;interface type='hostdev'&gt;</c> (libvirt 0.9.11).
/// </summary>
/// <remarks>
/// Unlike a plain <see cref="PciHostDevice"/>, libvirt sets the MAC address and the VLAN on the physical function before
/// the guest gets it. Only virtual functions can be assigned in this way. Thread safety: immutable.
/// </remarks>
public sealed record HostInterface : PassthroughDevice
{
    private static readonly string[] SourceChildren = ["address", "origstates"];
    private static readonly string[] KnownAttributes = ["type", "managed"];
    private static readonly string[] KnownChildren =
        ["mac", "driver", "source", "vlan", "virtualport", "teaming", "boot", "alias", "rom", "acpi", "address"];

    private readonly InterfaceVlan? _vlan;

    /// <summary>Creates an interface; set <see cref="Address"/>.</summary>
    public HostInterface()
    {
    }

    internal HostInterface(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        // What libvirt's QEMU driver stores and refuses at start only (bandwidth, a tap device, several VLAN tags, a USB device) is
        // read: a definition that libvirt keeps can always be read. Nothing of it can be built.
        var source = element.Required("source");
        if (source.Single("address") is { } address)
        {
            address.Require("type");
            Address = IsPci(address) ? PciXml.Read(address) : null;
        }

        WriteFiltering = source.YesNo("writeFiltering");
        OriginalStates = source.Single("origstates") is { } states ? OriginalStates.Read(states) : null;
        UnknownInSource = UnknownXml.Of(source, ["writeFiltering"], SourceChildren, Address is null ? IsKnownInSource : null);
        Mac = element.Single("mac") is { } mac ? new(mac) : null;
        Driver = element.Single("driver") is { } driver ? HostDriver.Read(driver) : null;
        _vlan = element.Single("vlan") is { } vlan ? new(vlan) : null;
        VirtualPort = element.Single("virtualport") is { } port ? new(port) : null;
        Teaming = element.Single("teaming") is { } teaming ? NicTeaming.Read(teaming) : null;
    }

    /// <summary>
    /// Gets the virtual function's place on the host; null in a definition that names a USB device here, which libvirt stores but
    /// its QEMU driver refuses at start.
    /// </summary>
    public PciAddress? Address { get; init; }

    /// <summary>Gets the MAC address; null lets libvirt choose one.</summary>
    public InterfaceMac? Mac { get; init; }

    /// <summary>Gets the driver of the device on the host; null leaves the choice to libvirt.</summary>
    public HostDriver? Driver { get; init; }

    /// <summary>
    /// Gets the VLAN that the card tags the function's traffic with; null for none. A stored definition is read unchanged,
    /// although libvirt refuses several tags when the domain starts.
    /// </summary>
    /// <exception cref="LibvirtXmlException">A trunk, or more than one tag, is set.</exception>
    public InterfaceVlan? Vlan
    {
        get => _vlan;
        init => _vlan = value is null or { Tags.Count: 1, Trunk: not true }
            ? value
            : throw new LibvirtXmlException("interface/vlan", "vlan trunking is not supported by SR-IOV network devices: specify one tag");
    }

    /// <summary>Gets the switch profile of the function; null for none. Cannot be combined with <see cref="Vlan"/>.</summary>
    public VirtualPort? VirtualPort { get; init; }

    /// <summary>Gets the paravirtual interface that replaces the device while it is unplugged; null for none. libvirt 6.1.0.</summary>
    public NicTeaming? Teaming { get; init; }

    /// <summary>Gets whether writes to configuration space are filtered; Xen only; null for its default.</summary>
    public bool? WriteFiltering { get; init; }

    /// <summary>Gets the changes that libvirt made to the device, from its own state files; null in every other XML.</summary>
    public OriginalStates? OriginalStates { get; init; }

    internal UnknownXml? UnknownInSource { get; init; }

    internal override string ElementName => "interface";

    /// <summary>Reads an <c>&lt;interface type='hostdev'&gt;</c> element.</summary>
    /// <param name="xml">The element.</param>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, is not such an interface, or libvirt would refuse it.</exception>
    public static HostInterface Parse(string xml)
    {
        var root = XmlTree.Parse(xml).Root;
        return root.Name is "interface" && root.Is("type", "hostdev")
            ? (HostInterface)TryRead(root)!
            : throw root.Error("is not a host interface;  <interface type='hostdev'> is expected");
    }

    internal override DeviceIdentity Identity => Address is { } address ? new("pci", address, null) : new("interface", default, UnknownInSource);

    internal override void Validate()
    {
        if (Address is null && UnknownInSource?.Elements.Any(IsAddress) is not true)
        {
            throw new LibvirtXmlException("interface/source", "the element <address> is missing; set Address");
        }

        if (Address is not null && GuestAddress is not (null or PciGuestAddress))
        {
            throw WrongAddress();
        }

        if (VirtualPort is { Type: "802.1Qbh", ProfileId: null })
        {
            throw new LibvirtXmlException("interface/virtualport", "'profileid' must name the profile on the switch");
        }

        if (Teaming is { Type: NicTeamingType.Transient, Persistent: null })
        {
            throw new LibvirtXmlException("interface/teaming", "'persistent' must name the alias of the other interface");
        }
    }

    internal override void Write(ref XmlOut xml)
    {
        xml.Attribute("type", "hostdev");
        xml.YesNo("managed", Managed ? true : null);
        Mac?.Write(ref xml);
        Driver?.Write(ref xml);
        xml.Start("source", UnknownInSource);
        xml.YesNo("writeFiltering", WriteFiltering);
        if (Address is { } function)
        {
            PciXml.Write(ref xml, function, "pci");
        }

        OriginalStates?.Write(ref xml);
        xml.End();
        Vlan?.Write(ref xml);
        VirtualPort?.Write(ref xml);
        Teaming?.Write(ref xml);
        WriteInfo(ref xml);
    }

    private protected override void CheckAddress(GuestAddress? address)
    {
        // libvirt gives the interface of a USB device a USB address; the rule for one of a PCI function needs the whole model.
        if (address is not (null or PciGuestAddress or UsbGuestAddress))
        {
            throw WrongAddress();
        }
    }

    private static LibvirtXmlException WrongAddress() =>
        new("interface/address", "an interface of type 'hostdev' must use an address of type 'pci'");

    private static bool IsPci(XmlElementView address) => address.Is("type", "pci");

    private static bool IsKnownInSource(XmlElementView child) => child.Name is not "address" || IsPci(child);

    private static bool IsAddress(string element) => element.StartsWith("<address", StringComparison.Ordinal);
}
