using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A PCI function of the host that is assigned to a domain: <c>&lt;hostdev type='pci'&gt;</c> (libvirt 0.6.0).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciHostDevice : HostDevice
{
    private static readonly string[] SourceChildren = ["address", "origstates"];
    private static readonly string[] KnownAttributes = ["mode", "type", "managed", "display", "ramfb"];
    private static readonly string[] KnownChildren = ["driver", "source", "teaming", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Address"/>.</summary>
    public PciHostDevice()
    {
    }

    [SetsRequiredMembers]
    internal PciHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        Refuse(element, "model");
        Refuse(element, "sgio");
        Refuse(element, "rawio");
        var source = element.Required("source");
        Refuse(source, "startupPolicy");
        Address = PciXml.Read(source.Required("address"));
        WriteFiltering = source.YesNo("writeFiltering");
        OriginalStates = source.Single("origstates") is { } states ? OriginalStates.Read(states) : null;
        UnknownInSource = UnknownXml.Of(source, ["writeFiltering"], SourceChildren);
        Driver = element.Single("driver") is { } driver ? HostDriver.Read(driver) : null;
        Teaming = element.Single("teaming") is { } teaming ? NicTeaming.Read(teaming) : null;
        Display = element.OnOff("display");
        Ramfb = element.OnOff("ramfb");
        LacksDisplay = Ramfb is true && Display is not true;
    }

    /// <summary>Gets the function's address on the host.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>Gets the driver of the device on the host; null leaves the choice to libvirt.</summary>
    public HostDriver? Driver { get; init; }

    /// <summary>Gets the paravirtual interface that replaces the device while it is unplugged; null for none. libvirt 7.1.0.</summary>
    /// <exception cref="LibvirtXmlException">The element is not transient, or does not name a persistent interface.</exception>
    public NicTeaming? Teaming
    {
        get;
        init => field = value?.RequireTransient();
    }

    /// <summary>Gets whether writes to configuration space are filtered; Xen only; null for its default. libvirt 6.8.0.</summary>
    public bool? WriteFiltering { get; init; }

    /// <summary>Gets whether the device shows a display in libvirt's graphics (<c>display='on'</c>); null for the default, off. libvirt 10.3.0.</summary>
    public bool? Display { get; init; }

    /// <summary>Gets whether there is a framebuffer before the guest's driver runs; requires <see cref="Display"/>; null for the default, off. libvirt 10.3.0.</summary>
    public bool? Ramfb { get; init; }

    /// <summary>Gets the changes that libvirt made to the device, from its own state files; null in every other XML.</summary>
    public OriginalStates? OriginalStates { get; init; }

    /// <inheritdoc/>
    public override string Type => "pci";

    internal UnknownXml? UnknownInSource { get; init; }

    /// <summary>Whether the text it was read from has a framebuffer without a display, which libvirt stores but QEMU refuses at start.</summary>
    internal bool LacksDisplay { get; init; }

    internal override bool HasFramebuffer => Ramfb is true;

    internal override DeviceIdentity Identity => new(Type, Address, null);

    internal override void Validate()
    {
        if (Ramfb is true && Display is not true && !LacksDisplay)
        {
            throw new LibvirtXmlException("hostdev", "ramfb='on' requires display='on'");
        }
    }

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml);
        xml.OnOff("display", Display);
        xml.OnOff("ramfb", Ramfb);
        Driver?.Write(ref xml);
        xml.Start("source", UnknownInSource);
        xml.YesNo("writeFiltering", WriteFiltering);
        PciXml.Write(ref xml, Address);
        OriginalStates?.Write(ref xml);
        xml.End();
        Teaming?.Write(ref xml);
        WriteInfo(ref xml);
    }

    private protected override void CheckAddress(GuestAddress? address)
    {
        if (address is not (null or PciGuestAddress or UnassignedGuestAddress))
        {
            throw WrongAddress();
        }
    }

    // By a method of its own, so that the exception's type is loaded where it is thrown only.
    private static LibvirtXmlException WrongAddress() =>
        new("hostdev/address", "a PCI host device must use an address of type 'pci' or 'unassigned'");
}
