using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A character device of the host that is assigned to a container: <c>&lt;hostdev mode='capabilities' type='misc'&gt;</c>.</summary>
/// <remarks>libvirt 1.0.2, LXC only: QEMU refuses the mode. Thread safety: immutable.</remarks>
public sealed record CharacterHostDevice : HostDevice
{
    private static readonly string[] KnownAttributes = ["mode", "type"];
    private static readonly string[] KnownChildren = ["source", "boot", "alias", "rom", "acpi", "address"];

    /// <summary>Creates a device; set <see cref="Path"/>.</summary>
    public CharacterHostDevice()
    {
    }

    [SetsRequiredMembers]
    internal CharacterHostDevice(XmlElementView element)
        : base(element, KnownAttributes, KnownChildren)
    {
        var source = element.Required("source");
        Path = source.Required("char").Value;
        UnknownInSource = UnknownXml.Of(source, [], ["char"]);
    }

    /// <summary>Gets the absolute path of the character device.</summary>
    /// <exception cref="LibvirtXmlException">The value is empty.</exception>
    public required string Path
    {
        get;
        init => field = !string.IsNullOrEmpty(value) ? value : throw new LibvirtXmlException("hostdev/source/char", "must not be empty");
    }

    /// <inheritdoc/>
    public override string Type => "misc";

    internal UnknownXml? UnknownInSource { get; init; }

    internal override DeviceIdentity Identity => new(Type, default, Path);

    internal override void Write(ref XmlOut xml)
    {
        WriteKind(ref xml, "capabilities");
        xml.Start("source", UnknownInSource);
        xml.Element("char", Path);
        xml.End();
        WriteInfo(ref xml);
    }
}
