using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A USB device of the host that is assigned to a domain: <c>&lt;hostdev type='usb'&gt;</c> (libvirt 0.4.4).</summary>
/// <remarks>It is identified by <see cref="Id"/>, by its <see cref="Place"/>, or by both. Thread safety: immutable.</remarks>
public sealed record UsbHostDevice : HostDevice
{
    private static readonly string[] SourceAttributes = ["startupPolicy", "guestReset", "autoAddress", "missing"];
    private static readonly string[] SourceChildren = ["vendor", "product", "address"];
    private static readonly string[] KnownAttributes = ["mode", "type", "managed"];
    private static readonly string[] KnownChildren = ["source", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Id"/> or <see cref="Place"/>.</summary>
    public UsbHostDevice()
    {
    }

    internal UsbHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        Refuse(element, "model");
        Refuse(element, "sgio");
        Refuse(element, "rawio");
        if (element.Single("source") is not { } source)
        {
            NamesNothing = true;
            return;
        }

        StartupPolicy = Words.Startup(source, "startupPolicy");
        GuestReset = Words.GuestReset(source, "guestReset");
        AutoAddress = source.YesNo("autoAddress");
        Missing = source.YesNo("missing");
        var vendor = source.Single("vendor");
        var product = source.Single("product");
        if (vendor is null != product is null)
        {
            throw source.Error(vendor is null ? "the element <vendor> is missing" : "the element <product> is missing");
        }

        var isId = vendor is { } v && product is { } p && UsbId.Fits(v, p);
        Id = isId ? new(vendor!.Value, product!.Value) : null;
        Place = source.Single("address") is { } address ? new(address) : null;
        NamesNothing = Id is null && Place is null;
        UnknownInSource = UnknownXml.Of(source, SourceAttributes, SourceChildren, isId || vendor is null ? null : static child => child.Name is "address");
    }

    /// <summary>Gets the vendor and product; null if the place alone names the device.</summary>
    public UsbId? Id { get; init; }

    /// <summary>Gets the position of the device on the host; null if the id alone names the device.</summary>
    public UsbPlace? Place { get; init; }

    /// <summary>Gets what libvirt does if the device is not present; null for the default, mandatory. libvirt 1.0.0.</summary>
    public StartupPolicy? StartupPolicy { get; init; }

    /// <summary>Gets whether the guest's resets reach the device; null for the hypervisor's default. libvirt 8.6.0.</summary>
    public UsbGuestReset? GuestReset { get; init; }

    /// <summary>Gets whether libvirt found the address by the id; null except in migration XML.</summary>
    public bool? AutoAddress { get; init; }

    /// <summary>Gets whether the device was missing at start; null except in live XML.</summary>
    public bool? Missing { get; init; }

    /// <inheritdoc/>
    public override string Type => "usb";

    internal UnknownXml? UnknownInSource { get; init; }

    /// <summary>
    /// Whether it was read from a text that names no device that can be: without a source, or with ids of more than 16 bits. libvirt
    /// stores such a definition, and finds no device for it at start.
    /// </summary>
    internal bool NamesNothing { get; init; }

    internal override DeviceIdentity Identity => new(Type, default, (object?)Place ?? (object?)Id ?? UnknownInSource);

    internal override void Validate()
    {
        if (Id is null && Place is null && !NamesNothing)
        {
            throw new LibvirtXmlException("hostdev/source", "needs <vendor> and <product>, or <address>");
        }
    }

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml);
        xml.Start("source", UnknownInSource);
        xml.Attribute("startupPolicy", StartupPolicy is { } policy ? Words.Of(policy) : null);
        xml.YesNo("autoAddress", AutoAddress);
        xml.YesNo("missing", Missing);
        xml.Attribute("guestReset", GuestReset is { } reset ? Words.Of(reset) : null);
        Id?.Write(ref xml);
        Place?.Write(ref xml);
        xml.End();
        WriteInfo(ref xml);
    }

    private protected override void CheckAddress(GuestAddress? address)
    {
        if (address is not (null or UsbGuestAddress))
        {
            throw new LibvirtXmlException("hostdev/address", "a USB host device must use an address of type 'usb'");
        }
    }
}
