using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The driver of a PCI device on the host while a domain has it: <c>&lt;driver name='vfio' model='vfio-pci'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HostDriver
{
    private static readonly string[] KnownAttributes = ["name", "model", "iommufd"];

    /// <summary>Creates a setting that lets libvirt choose everything.</summary>
    public HostDriver()
    {
    }

    private HostDriver(XmlElementView element)
    {
        Backend = Words.Backend(element, "name");
        Model = element.Attribute("model");
        Iommufd = element.YesNo("iommufd");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    internal static HostDriver Read(XmlElementView element) => new(element);

    /// <summary>Gets the hypervisor's backend (<c>name</c>); null for its default. libvirt 1.0.5; current versions ignore the value, and refuse kvm at start.</summary>
    public HostBackend? Backend { get; init; }

    /// <summary>Gets the kernel's driver, for example <c>vfio-pci</c> or a vendor's <c>mlx5_vfio_pci</c>; null lets libvirt find the best one. libvirt 10.0.0.</summary>
    public string? Model { get; init; }

    /// <summary>Gets whether the device is opened through /dev/iommu instead of its group; null for the domain's or the default, no. libvirt 12.1.0.</summary>
    public bool? Iommufd { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("driver", Unknown);
        xml.Attribute("name", Backend is { } backend ? Words.Of(backend) : null);
        xml.Attribute("model", Model);
        xml.YesNo("iommufd", Iommufd);
        xml.End();
    }
}
