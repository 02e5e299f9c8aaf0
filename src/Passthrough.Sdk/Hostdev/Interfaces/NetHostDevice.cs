using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A network interface of the host that is moved into a container: <c>&lt;hostdev mode='capabilities' type='net'&gt;</c>.</summary>
/// <remarks>libvirt 1.0.2, LXC only: QEMU refuses the mode. Addresses and routes for the guest (<c>&lt;ip&gt;</c>, <c>&lt;route&gt;</c>) are kept in <see cref="PassthroughDevice.Unknown"/>. Thread safety: immutable.</remarks>
public sealed record NetHostDevice : HostDevice
{
    private static readonly string[] KnownAttributes = ["mode", "type"];
    private static readonly string[] KnownChildren = ["source", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Interface"/>.</summary>
    public NetHostDevice()
    {
    }

    [SetsRequiredMembers]
    internal NetHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        var source = element.Required("source");
        Interface = source.Required("interface").Value;
        UnknownInSource = UnknownXml.Of(source, [], ["interface"]);
    }

    /// <summary>Gets the name of the interface on the host.</summary>
    /// <exception cref="LibvirtXmlException">The value is empty.</exception>
    public required string Interface
    {
        get;
        init => field = !string.IsNullOrEmpty(value) ? value : throw new LibvirtXmlException("hostdev/source/interface", "must not be empty");
    }

    /// <inheritdoc/>
    public override string Type => "net";

    internal UnknownXml? UnknownInSource { get; init; }

    internal override DeviceIdentity Identity => new(Type, default, Interface);

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml, "capabilities");
        xml.Start("source", UnknownInSource);
        xml.Element("interface", Interface);
        xml.End();
        WriteInfo(ref xml);
    }
}
