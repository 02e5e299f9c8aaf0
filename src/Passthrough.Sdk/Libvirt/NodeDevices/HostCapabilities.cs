using System.Globalization;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Libvirt.NodeDevices;

/// <summary>What the <c>&lt;capabilities&gt;</c> of a connection say of the host itself (<c>virsh capabilities</c>).</summary>
internal sealed record HostCapabilities
{
    public const string Source = "virConnectGetCapabilities";

    private string? Architecture { get; init; }

    private string? CpuVendor { get; init; }

    private bool HasVirtualization { get; init; }

    private long? MemoryBytes { get; init; }

    /// <summary>Whether the host has IOMMU groups; null where libvirt does not say (before 4.7.0).</summary>
    public bool? HasIommu { get; private init; }

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
            return root.Name is "capabilities" ? Read(root) : throw root.Error("is no description of a host; <capabilities> is expected");
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
                SystemVendor = Or(vendor, NodeDeviceTree.Source, system.Environment.SystemVendor),
                ProductName = Or(product, NodeDeviceTree.Source, system.Environment.ProductName),
            },
        };
    }

    private static HostCapabilities Read(XmlElementView root)
    {
        var host = root.Single("host");
        var cpu = host?.Single("cpu");
        return new HostCapabilities
        {
            Architecture = cpu?.Text("arch"),
            CpuVendor = KernelName(cpu?.Text("vendor")),
            HasVirtualization = HasFeature(cpu) || RunsGuestsOnTheProcessor(root),
            MemoryBytes = Memory(host),
            HasIommu = host?.Single("iommu") is { } iommu ? iommu.Is("support", "yes") : null,
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

    // That none is offered says nothing: KVM's module may only not be loaded.
    private static bool RunsGuestsOnTheProcessor(XmlElementView root)
    {
        foreach (var guest in root.Children)
        {
            foreach (var domain in guest.Name is "guest" && guest.Child("arch") is { } arch ? arch.Children : default)
            {
                if (domain.Name is "domain" && domain.Is("type", "kvm"))
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
