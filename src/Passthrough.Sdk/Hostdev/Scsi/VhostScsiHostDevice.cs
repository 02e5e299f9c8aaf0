using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A SCSI target of the kernel's vhost-scsi: <c>&lt;hostdev type='scsi_host'&gt;</c> (libvirt 2.5.0).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record VhostScsiHostDevice : HostDevice
{
    private static readonly string[] SourceAttributes = ["protocol", "wwpn"];
    private static readonly string[] KnownAttributes = ["mode", "type", "managed", "model"];
    private static readonly string[] KnownChildren = ["source", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Wwpn"/>.</summary>
    public VhostScsiHostDevice()
    {
    }

    [SetsRequiredMembers]
    internal VhostScsiHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        Refuse(element, "sgio");
        Refuse(element, "rawio");
        Model = Words.VhostScsi(element, "model");
        var source = element.Required("source");
        Refuse(source, "startupPolicy");
        if (source.RequiredAttribute("protocol") is not "vhost")
        {
            throw source.Error($"'protocol' is '{source.Attribute("protocol")}' and must be 'vhost'");
        }

        Wwpn = source.RequiredAttribute("wwpn");
        UnknownInSource = UnknownXml.Of(source, SourceAttributes, []);
    }

    /// <summary>Gets the target's world wide port name: <c>naa.</c> and 16 hexadecimal digits (<c>/sys/kernel/config/target/vhost</c>).</summary>
    /// <exception cref="LibvirtXmlException">The value does not have this form.</exception>
    public required string Wwpn
    {
        get;
        init => field = value is { Length: 20 } && value.StartsWith("naa.", StringComparison.Ordinal) && Hexadecimal.IsAllDigits(value.AsSpan(4))
            ? value
            : throw new LibvirtXmlException("hostdev/source", $"'wwpn' is '{value}' and must be 'naa.' and 16 hexadecimal digits");
    }

    /// <summary>Gets the model of the device in the guest; null for the default, virtio. libvirt 5.2.0.</summary>
    public VhostScsiModel? Model { get; init; }

    /// <inheritdoc/>
    public override string Type => "scsi_host";

    internal UnknownXml? UnknownInSource { get; init; }

    internal override DeviceIdentity Identity => new(Type, default, Wwpn);

    internal override void Validate()
    {
        if (Boot is not null)
        {
            throw new LibvirtXmlException("hostdev/boot", "booting from assigned devices is not supported by vhost SCSI devices");
        }
    }

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml);
        xml.Attribute("model", Model is { } model ? Words.Of(model) : null);
        xml.Start("source", UnknownInSource);
        xml.Attribute("protocol", "vhost");
        xml.Attribute("wwpn", Wwpn);
        xml.End();
        WriteInfo(ref xml);
    }

    private protected override void CheckAddress(GuestAddress? address)
    {
        if (address is not (null or PciGuestAddress or CcwGuestAddress))
        {
            throw new LibvirtXmlException("hostdev/address", "a vhost SCSI device must use an address of type 'pci' or 'ccw'");
        }
    }
}
