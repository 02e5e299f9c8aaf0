using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>A SCSI unit behind an adapter of the host: <c>&lt;adapter name='scsi_host0'/&gt;&lt;address bus='0' target='0' unit='0'/&gt;</c> (<c>lsscsi</c>).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ScsiAdapterSource : ScsiSource
{
    private static readonly string[] KnownChildren = ["adapter", "address"];
    private static readonly string[] AddressAttributes = ["bus", "target", "unit"];

    /// <summary>Creates a source; set all its properties.</summary>
    public ScsiAdapterSource()
    {
    }

    [SetsRequiredMembers]
    internal ScsiAdapterSource(XmlElementView element)
    {
        var adapter = element.Required("adapter");
        var address = element.Required("address");
        Adapter = adapter.RequiredAttribute("name");
        foreach (var part in (ReadOnlySpan<string>)["bus", "target", "unit"])
        {
            address.Require(part);
        }

        Bus = address.Number("bus")!.Value;
        Target = address.Number("target")!.Value;
        Unit = XmlElementViewValues.TryLong(address.Attribute("unit"), out var unit)
            ? unit
            : throw address.Error($"'unit' is '{address.Attribute("unit")}' and must be a number");
        IsNamed = element.Has("protocol");
        Unknown = UnknownXml.Of(element, ["protocol"], KnownChildren);
        UnknownInAdapter = UnknownXml.Of(adapter, ["name"], []);
        UnknownInAddress = UnknownXml.Of(address, AddressAttributes, []);
    }

    /// <summary>Gets the adapter's name on the host, <c>scsi_host0</c>.</summary>
    public required string Adapter { get; init; }

    /// <summary>Gets the bus (channel) of the adapter.</summary>
    public required uint Bus { get; init; }

    /// <summary>Gets the target on the bus.</summary>
    public required uint Target { get; init; }

    /// <summary>Gets the unit (LUN) of the target, 64 bits.</summary>
    public required ulong Unit { get; init; }

    internal UnknownXml? UnknownInAdapter { get; init; }

    internal UnknownXml? UnknownInAddress { get; init; }

    /// <summary>Whether <c>protocol='adapter'</c> is written; the schema knows it, libvirt's parser does not.</summary>
    internal bool IsNamed { get; init; }

    internal override void Write(ref XmlOut xml)
    {
        xml.Start("source", Unknown);
        xml.Attribute("protocol", IsNamed ? "adapter" : null);
        xml.Start("adapter", UnknownInAdapter);
        xml.Attribute("name", Adapter);
        xml.End();
        xml.Start("address", UnknownInAddress);
        xml.Number("bus", Bus);
        xml.Number("target", Target);
        xml.Unsigned("unit", Unit);
        xml.End();
        xml.End();
    }
}
