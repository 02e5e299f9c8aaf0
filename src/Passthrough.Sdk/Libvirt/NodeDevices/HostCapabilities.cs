using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Libvirt.NodeDevices;

/// <summary>The description of the host in the <c>&lt;capabilities&gt;</c> of a connection (<c>virsh capabilities</c>).</summary>
internal sealed record HostCapabilities
{
    public const string Source = "virConnectGetCapabilities";

    private string? Architecture { get; init; }

    private string? CpuVendor { get; init; }

    private bool HasVirtualization { get; init; }

    private long? MemoryBytes { get; init; }

    /// <summary>
    /// Whether the host has IOMMU groups; null if libvirt does not report it (before 4.7.0), and for a no of its driver for Xen,
    /// which never looks: Xen's own IOMMU may be at work all the same.
    /// </summary>
    public bool? HasIommu { get; private init; }

    /// <summary>Whether the guests are Xen's: that driver of libvirt runs in dom0 only.</summary>
    public bool IsXen { get; private init; }

    /// <summary>The number of IOMMU groups if none is named and the capabilities do not exclude them.</summary>
    /// <param name="otherwise">The answer of a host of which nothing is known.</param>
    public Fact<int> UnknownGroups(Fact<int> otherwise) => IsXen
        ? Fact.Unknown<int>(Source, "dom0 has no IOMMU groups, and libvirt's <iommu> does not describe Xen's IOMMU: xl info lists pv_directio in virt_caps if Xen uses an IOMMU")
        : otherwise;

    /// <summary>Reads the document; what is no such document is noted, and says nothing.</summary>
    public static HostCapabilities Parse(string? xml, UnreadSources unread)
    {
        if (xml is null)
        {
            return new HostCapabilities();
        }

        try
        {
            var root = XmlTree.Parse(xml).Root;
            return root.Name is "capabilities" ? Read(root) : throw root.Error("is not a description of a host;  <capabilities> is expected");
        }
        catch (LibvirtXmlException error)
        {
            unread.Add(Source, error.Message);
            return new HostCapabilities();
        }
    }

    /// <summary>A host with what is known of it here; the rest of it stays as it is.</summary>
    public HostSystem ApplyTo(HostSystem system, NodeDeviceTree tree)
    {
        var (vendor, product) = Machine(tree);
        return system with
        {
            Cpu = system.Cpu with
            {
                Architecture = Or(Architecture, Source, system.Cpu.Architecture),
                Vendor = Or(CpuVendor, Source, system.Cpu.Vendor),
                HasVirtualization = HasVirtualization ? Fact.Known(true, Source) : system.Cpu.HasVirtualization,
            },
            Memory = system.Memory with { Total = MemoryBytes is { } bytes ? Fact.Known(bytes, Source) : system.Memory.Total },
            Environment = system.Environment with
            {
                Hypervisor = IsXen ? Fact.Known(HypervisorKind.Xen, Source) : system.Environment.Hypervisor,
                Xen = IsXen ? system.Environment.Xen with { IsDom0 = Fact.Known(true, Source) } : system.Environment.Xen,
                SystemVendor = Or(vendor, NodeDeviceTree.Source, system.Environment.SystemVendor),
                ProductName = Or(product, NodeDeviceTree.Source, system.Environment.ProductName),
            },
        };
    }

    private static HostCapabilities Read(XmlElementView root)
    {
        var host = root.Single("host");
        var cpu = host?.Single("cpu");
        var isXen = HasDomainType(root, "xen");
        bool? hasIommu = host?.Single("iommu") is { } iommu ? iommu.Is("support", "yes") : null;
        return new HostCapabilities
        {
            Architecture = cpu?.Text("arch"),
            CpuVendor = KernelName(cpu?.Text("vendor")),
            HasVirtualization = HasFeature(cpu) || HasDomainType(root, "kvm"), // that none is offered says nothing: KVM's module may only not be loaded
            MemoryBytes = Memory(host),
            HasIommu = isXen && hasIommu == false ? null : hasIommu,
            IsXen = isXen,
        };
    }

    // libvirt's own names, of its CPU map; the kernel's are those of the processor.
    private static string? KernelName(string? vendor) => vendor switch
    {
        "Intel" => "GenuineIntel",
        "AMD" => "AuthenticAMD",
        "Hygon" => "HygonGenuine",
        _ => null,
    };

    private static bool HasFeature(XmlElementView? cpu)
    {
        foreach (var child in cpu is { } element ? element.Children : default)
        {
            if (child.Name is "feature" && (child.Is("name", "vmx") || child.Is("name", "svm")))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDomainType(XmlElementView root, string type)
    {
        foreach (var guest in root.Children)
        {
            foreach (var domain in guest.Name is "guest" && guest.Child("arch") is { } arch ? arch.Children : default)
            {
                if (domain.Name is "domain" && domain.Is("type", type))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static long? Memory(XmlElementView? host)
    {
        long sum = 0;
        foreach (var cell in host?.Single("topology")?.Single("cells") is { } cells ? cells.Children : default)
        {
            if (cell.Single("memory") is not { } memory || !memory.Is("unit", "KiB")
                || !long.TryParse(memory.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes))
            {
                return null;
            }

            sum += kibibytes * 1024;
        }

        return sum > 0 ? sum : null;
    }

    private static (string? Vendor, string? Product) Machine(NodeDeviceTree tree) =>
        tree.Of("system").Select(found => (found.Capability.TextOf("hardware", "vendor"), found.Capability.TextOf("product"))).FirstOrDefault();

    private static Fact<string> Or(string? value, string source, Fact<string> otherwise) =>
        value is { Length: > 0 } ? Fact.Known(value, source) : otherwise;
}
