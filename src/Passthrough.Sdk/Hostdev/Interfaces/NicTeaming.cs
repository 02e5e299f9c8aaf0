using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>Connects a host device with the virtio interface that replaces it during migration: <c>&lt;teaming type='transient' persistent='ua-x'/&gt;</c>.</summary>
/// <remarks>libvirt 6.1.0 for interfaces, 7.1.0 for host devices. Thread safety: immutable.</remarks>
public sealed record NicTeaming
{
    private static readonly string[] KnownAttributes = ["type", "persistent"];

    /// <summary>Creates a teaming element; set <see cref="Type"/>.</summary>
    public NicTeaming()
    {
    }

    [SetsRequiredMembers]
    private NicTeaming(XmlElementView element)
    {
        element.Require("type");
        Type = Words.Teaming(element, "type")!.Value;
        Persistent = element.Attribute("persistent");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static NicTeaming Read(XmlElementView element) => new(element);

    /// <summary>Gets the role of the device that has the element.</summary>
    public required NicTeamingType Type { get; init; }

    /// <summary>Gets the alias of the persistent interface; null if the device is the persistent one itself.</summary>
    public string? Persistent { get; init; }

    internal UnknownXml? Unknown { get; init; }

    /// <summary>This, as the part that a host device can have.</summary>
    internal NicTeaming RequireTransient() => this is { Type: NicTeamingType.Transient, Persistent: not null }
        ? this
        : throw new LibvirtXmlException("hostdev/teaming", "must have type='transient' and the alias of the other interface in 'persistent'");

    internal void Write(ref XmlOut xml)
    {
        xml.Start("teaming", Unknown);
        xml.Attribute("type", Words.Of(Type));
        xml.Attribute("persistent", Persistent);
        xml.End();
    }
}
