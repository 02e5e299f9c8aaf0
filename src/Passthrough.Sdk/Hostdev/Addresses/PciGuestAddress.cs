using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev;

/// <summary>An address on a PCI bus of the guest: <c>&lt;address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciGuestAddress : GuestAddress
{
    /// <summary>Creates an address that libvirt fills in.</summary>
    public PciGuestAddress()
    {
    }

    /// <summary>Creates an address.</summary>
    /// <param name="address">The address in the guest; its bus is the index of a PCI controller of the domain.</param>
    public PciGuestAddress(PciAddress address) => Address = address;

    internal PciGuestAddress(XmlElementView element)
    {
        Address = PciXml.IsPresent(element) ? PciXml.Read(element) : null;
        Multifunction = element.OnOff("multifunction");
        Zpci = element.Single("zpci") is { } zpci ? ZpciAddress.Read(zpci) : null;
        Unknown = UnknownXml.Of(element, PciXml.GuestAttributes, ["zpci"]);
    }

    /// <summary>Gets the address in the guest; null lets libvirt choose it.</summary>
    public PciAddress? Address { get; init; }

    /// <summary>Gets whether more functions share the slot, set on function 0; null for the default, no. libvirt 0.9.7.</summary>
    public bool? Multifunction { get; init; }

    /// <summary>Gets the ids of the device on an s390x guest; null elsewhere.</summary>
    public ZpciAddress? Zpci { get; init; }

    /// <inheritdoc/>
    public override string Type => "pci";

    private protected override void WriteParts(ref XmlOut xml)
    {
        if (Address is { } address)
        {
            PciXml.WriteParts(ref xml, address);
        }

        xml.OnOff("multifunction", Multifunction);
        Zpci?.Write(ref xml);
    }
}
