using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A SCSI unit of the host that is assigned to a domain: <c>&lt;hostdev type='scsi'&gt;</c> (libvirt 1.0.6).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ScsiHostDevice : HostDevice
{
    private static readonly string[] KnownAttributes = ["mode", "type", "managed", "sgio", "rawio"];
    private static readonly string[] KnownChildren = ["source", "readonly", "shareable", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Source"/>.</summary>
    public ScsiHostDevice()
    {
    }

    [SetsRequiredMembers]
    internal ScsiHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        Refuse(element, "model");
        var source = element.Required("source");
        Refuse(source, "startupPolicy");
        Source = ScsiSource.Read(source);
        Filtered = element.TryAttribute("sgio", out var sgio)
            && (sgio is "filtered" ? true : throw element.NoWord("sgio", sgio, "filtered"));
        RawIO = element.YesNo("rawio");
        ReadOnly = element.Single("readonly") is not null;
        Shareable = element.Single("shareable") is not null;
    }

    /// <summary>Gets the unit: behind an adapter of the host, or an iSCSI target.</summary>
    public required ScsiSource Source { get; init; }

    /// <summary>Gets whether <c>sgio='filtered'</c> is written (the kernel filters commands), the only possibility; libvirt refuses unfiltered.</summary>
    public bool Filtered { get; init; }

    /// <summary>Gets whether the hypervisor gets CAP_SYS_RAWIO; null for the default, no. libvirt 1.2.9.</summary>
    public bool? RawIO { get; init; }

    /// <summary>Gets whether the guest cannot write to the unit.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Gets whether other domains may have the unit too.</summary>
    public bool Shareable { get; init; }

    /// <inheritdoc/>
    public override string Type => "scsi";

    internal override DeviceIdentity Identity => new(Type, default, Source);

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml);
        xml.Attribute("sgio", Filtered ? "filtered" : null);
        xml.YesNo("rawio", RawIO);
        Source.Write(ref xml);
        xml.Mark("readonly", ReadOnly);
        xml.Mark("shareable", Shareable);
        WriteInfo(ref xml);
    }

    private protected override void CheckAddress(GuestAddress? address)
    {
        if (address is not (null or DriveGuestAddress))
        {
            throw new LibvirtXmlException("hostdev/address", "a SCSI host device must use an address of type 'drive'");
        }
    }
}
