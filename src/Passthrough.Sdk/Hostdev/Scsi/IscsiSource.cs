using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A unit of an iSCSI target: <c>&lt;source protocol='iscsi' name='iqn.../1'&gt;&lt;host name='example.org'/&gt;</c> (libvirt 1.2.8).</summary>
/// <remarks>Authentication is kept as unknown XML; its secret is stored in libvirt. Thread safety: immutable.</remarks>
public sealed record IscsiSource : ScsiSource
{
    private static readonly string[] HostAttributes = ["name", "port"];
    private static readonly string[] KnownAttributes = ["protocol", "name"];
    private static readonly string[] KnownChildren = ["host", "initiator"];

    /// <summary>Creates a source; set <see cref="Name"/> and <see cref="Host"/>.</summary>
    public IscsiSource()
    {
    }

    [SetsRequiredMembers]
    internal IscsiSource(XmlElementView element)
    {
        Name = element.RequiredAttribute("name");
        var host = element.Required("host");
        Host = host.Attribute("name") ?? "";
        Port = (ushort?)host.Decimal("port", 0xffff);
        UnknownInHost = UnknownXml.Of(host, HostAttributes, []);
        if (element.Single("initiator") is { } initiator)
        {
            var iqn = initiator.Required("iqn");
            InitiatorName = iqn.RequiredAttribute("name");
            UnknownInInitiator = UnknownXml.Of(initiator, [], ["iqn"]);
            UnknownInIqn = UnknownXml.Of(iqn, ["name"], []);
        }

        Unknown = UnknownXml.Of(element, KnownAttributes, KnownChildren);
    }

    /// <summary>Gets the target's qualified name and, after a slash, the unit.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Gets the name or IP address of the server; libvirt takes one. Empty if a definition that libvirt has stored names none, which
    /// cannot be started.
    /// </summary>
    public required string Host { get; init; }

    /// <summary>Gets the TCP port; null for the default, 3260.</summary>
    public ushort? Port { get; init; }

    /// <summary>Gets the qualified name to log in as; null for the hypervisor's. libvirt 6.7.0.</summary>
    public string? InitiatorName { get; init; }

    internal UnknownXml? UnknownInHost { get; init; }

    internal UnknownXml? UnknownInInitiator { get; init; }

    internal UnknownXml? UnknownInIqn { get; init; }

    internal override void Write(ref XmlOut xml)
    {
        xml.Start("source", Unknown);
        xml.Attribute("protocol", "iscsi");
        xml.Attribute("name", Name);
        xml.Start("host", UnknownInHost);
        xml.Attribute("name", Host.Length > 0 ? Host : null);
        xml.Number("port", Port);
        xml.End();
        if (InitiatorName is not null)
        {
            xml.Start("initiator", UnknownInInitiator);
            xml.Start("iqn", UnknownInIqn);
            xml.Attribute("name", InitiatorName);
            xml.End();
            xml.End();
        }

        xml.End();
    }
}
