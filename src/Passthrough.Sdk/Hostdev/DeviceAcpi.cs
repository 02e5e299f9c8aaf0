using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>ACPI properties of a device in the guest: <c>&lt;acpi index='1'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record DeviceAcpi
{
    private static readonly string[] KnownAttributes = ["index", "nodeset"];

    /// <summary>Creates properties that say nothing.</summary>
    public DeviceAcpi()
    {
    }

    private DeviceAcpi(XmlElementView element)
    {
        Index = element.Number("index");
        Nodeset = element.Attribute("nodeset");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static DeviceAcpi Read(XmlElementView element) => new(element);

    /// <summary>The number that systemd in the guest names a network interface by (<c>eno1</c>); null for none. libvirt 7.3.0.</summary>
    public uint? Index { get; init; }

    /// <summary>The guest NUMA nodes of the device's own memory, for example <c>2-9</c> for the partitions of a GPU; null for none. libvirt 11.8.0.</summary>
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
