using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A block device of the host that is assigned to a container: <c>&lt;hostdev mode='capabilities' type='storage'&gt;</c>.</summary>
/// <remarks>libvirt 1.0.2, LXC only: QEMU refuses the mode. Thread safety: immutable.</remarks>
public sealed record StorageHostDevice : HostDevice
{
    private static readonly string[] KnownAttributes = ["mode", "type"];
    private static readonly string[] KnownChildren = ["source", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Block"/>.</summary>
    public StorageHostDevice()
    {
    }

    [SetsRequiredMembers]
    internal StorageHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        var source = element.Required("source");
        Block = source.Required("block").Value;
        UnknownInSource = UnknownXml.Of(source, [], ["block"]);
    }

    /// <summary>Gets the absolute path of the block device.</summary>
    /// <exception cref="LibvirtXmlException">The value is empty.</exception>
    public required string Block
    {
        get;
        init => field = !string.IsNullOrEmpty(value) ? value : throw new LibvirtXmlException("hostdev/source/block", "must not be empty");
    }

    /// <inheritdoc/>
    public override string Type => "storage";

    internal UnknownXml? UnknownInSource { get; init; }

    internal override DeviceIdentity Identity => new(Type, default, Block);

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml, "capabilities");
        xml.Start("source", UnknownInSource);
        xml.Element("block", Block);
        xml.End();
        WriteInfo(ref xml);
    }
}
