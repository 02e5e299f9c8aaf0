using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>ACPI properties of a device in the guest: <c>&lt;acpi index='1'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DeviceAcpi
{
    private static readonly string[] KnownAttributes = ["index", "nodeset"];

    /// <summary>Creates properties without a value.</summary>
    public DeviceAcpi()
    {
    }

    private DeviceAcpi(XmlElementView element)
    {
        Index = element.Decimal("index");
        Nodeset = element.Attribute("nodeset");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static DeviceAcpi Read(XmlElementView element) => new(element);

    /// <summary>Gets the number by which systemd in the guest names a network interface (<c>eno1</c>); null for none. libvirt 7.3.0.</summary>
    /// <exception cref="LibvirtXmlException">The value is 0.</exception>
    public uint? Index
    {
        get;
        init => field = value is not 0 ? value : throw new LibvirtXmlException("acpi", "'index' is 0 and must be 1 or more");
    }

    /// <summary>Gets the guest NUMA nodes of the device's own memory, for example <c>2-9</c> for the partitions of a GPU; null for none. libvirt 11.8.0.</summary>
    public string? Nodeset { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("acpi", Unknown);
        xml.Number("index", Index);
        xml.Attribute("nodeset", Nodeset);
        xml.End();
    }
}
