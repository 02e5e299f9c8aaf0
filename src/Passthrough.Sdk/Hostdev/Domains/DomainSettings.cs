using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>The settings of a domain that a plan needs besides its host devices.</summary>
/// <remarks>They are read only from the XML, without the values that libvirt would add. Thread safety: immutable.</remarks>
public sealed record DomainSettings
{
    private readonly ValueList<(int? Cell, string Nodes)> _memoryNodes;

    internal DomainSettings(XmlElementView domain)
    {
        Type = domain.Attribute("type");
        Name = domain.Child("name")?.Value;
        Uuid = Guid.TryParse(domain.Child("uuid")?.Value, out var uuid) ? uuid : null;
        var os = domain.Child("os");
        Architecture = os?.Child("type")?.Attribute("arch");
        Machine = os?.Child("type")?.Attribute("machine");
        HasOsBoot = os?.Child("boot") is not null;
        MemoryBytes = Bytes(domain.Child("memory"));
        HardLimitBytes = Bytes(domain.Child("memtune")?.Child("hard_limit"));
        var backing = domain.Child("memoryBacking");
        MemoryLocked = backing?.Child("locked") is not null;
        HugePages = backing?.Child("hugepages") is not null;
        MemorySource = backing?.Child("source")?.Attribute("type");
        var features = domain.Child("features");
        KvmHidden = features?.Child("kvm")?.Child("hidden")?.Attribute("state") == "on";
        HypervVendorId = features?.Child("hyperv")?.Child("vendor_id") is { } vendor && vendor.Is("state", "on") ? vendor.Attribute("value") : null;
        IoapicDriver = features?.Child("ioapic")?.Attribute("driver");
        CpuMode = domain.Child("cpu")?.Attribute("mode");
        CpuModel = domain.Child("cpu")?.Child("model")?.Value.Trim();
        Iommufd = domain.Child("iommufd")?.YesNo("enabled");
        IommufdGroup = domain.Child("iommufd")?.Attribute("fdgroup");
        _memoryNodes = MemoryNodes(domain.Child("numatune"));
        Metadata = domain.Child("metadata")?.Standalone();
        (PciControllers, Iommus, PciAddressesInUse) = Devices(domain);
    }

    /// <summary>Gets the hypervisor: <c>kvm</c>, <c>qemu</c>, <c>xen</c>, <c>lxc</c>, ...; null if it is not specified.</summary>
    public string? Type { get; }

    /// <summary>Gets the domain's name; null if it has none yet.</summary>
    public string? Name { get; }

    /// <summary>Gets the domain's UUID; null if it has none yet.</summary>
    public Guid? Uuid { get; }

    /// <summary>Gets the guest's architecture, <c>x86_64</c>; null lets libvirt choose it.</summary>
    public string? Architecture { get; }

    /// <summary>Gets the machine type, <c>pc-q35-7.2</c>; null lets libvirt choose it.</summary>
    public string? Machine { get; }

    /// <summary>Gets whether the boot order is specified in <c>&lt;os&gt;&lt;boot&gt;</c>, which excludes <see cref="DeviceBoot"/>.</summary>
    public bool HasOsBoot { get; }

    /// <summary>Gets the memory in bytes; null if it is not specified.</summary>
    public ulong? MemoryBytes { get; }

    /// <summary>Gets the maximum memory that the domain may use on the host, in bytes (<c>memtune/hard_limit</c>), which also limits locked memory; null for none.</summary>
    public ulong? HardLimitBytes { get; }

    /// <summary>Gets whether the host never swaps the guest's memory (<c>memoryBacking/locked</c>).</summary>
    public bool MemoryLocked { get; }

    /// <summary>Gets whether the guest's memory uses huge pages.</summary>
    public bool HugePages { get; }

    /// <summary>Gets the source of the memory: <c>file</c>, <c>anonymous</c>, <c>memfd</c>; null for the default.</summary>
    public string? MemorySource { get; }

    /// <summary>Gets whether KVM is hidden from the guest (<c>features/kvm/hidden</c>), for drivers that refuse to run in a guest.</summary>
    public bool KvmHidden { get; }

    /// <summary>Gets the vendor id that the Hyper-V enlightenments show to the guest; null for the default.</summary>
    public string? HypervVendorId { get; }

    /// <summary>Gets the place where the I/O APIC is emulated, <c>kvm</c> or <c>qemu</c>; null for the default.</summary>
    public string? IoapicDriver { get; }

    /// <summary>Gets the CPU mode: <c>custom</c>, <c>host-model</c>, <c>host-passthrough</c>, <c>maximum</c>; null for the default.</summary>
    public string? CpuMode { get; }

    /// <summary>Gets the CPU model; null if the mode determines it.</summary>
    public string? CpuModel { get; }

    /// <summary>Gets whether host devices are opened through /dev/iommu; null for the default, no. libvirt 12.2.0.</summary>
    public bool? Iommufd { get; }

    /// <summary>Gets the file descriptors that are passed for it (<c>virDomainFDAssociate</c>); null for none. libvirt 12.2.0.</summary>
    public string? IommufdGroup { get; }

    /// <summary>Gets the <c>&lt;metadata&gt;</c> element of other programs, as text; null for none.</summary>
    public string? Metadata { get; }

    /// <summary>Gets the PCI controllers in the XML, in the document's order.</summary>
    public ValueList<PciController> PciControllers { get; }

    /// <summary>Gets the IOMMUs of the guest.</summary>
    public ValueList<GuestIommu> Iommus { get; }

    /// <summary>Gets the PCI addresses of devices in the guest, in the document's order.</summary>
    public ValueList<PciAddress> PciAddressesInUse { get; }

    /// <summary>
    /// Returns the NUMA node of the host that the memory of a guest's node is on (<c>numatune/memnode</c>, or <c>numatune/memory</c> for all
    /// nodes); null if it is on several, or not bound.
    /// </summary>
    internal int? HostNodeOf(int guestNode)
    {
        foreach (var (cell, nodes) in _memoryNodes)
        {
            if (cell is null || cell == guestNode)
            {
                return int.TryParse(nodes, NumberStyles.None, CultureInfo.InvariantCulture, out var node) ? node : null;
            }
        }

        return null;
    }

    // Those of a single cell first: they count more than the one for all.
    private static ValueList<(int? Cell, string Nodes)> MemoryNodes(XmlElementView? numatune)
    {
        var nodes = new List<(int? Cell, string Nodes)>();
        foreach (var element in numatune is { } tune ? tune.Children : default)
        {
            if (element.Name is "memnode" && element.Attribute("nodeset") is { } own && element.Has("cellid"))
            {
                // Preferred is not bound, and what counts for all nodes does not count for this one.
                nodes.Insert(0, ((int)element.Number("cellid")!.Value, element.Is("mode", "preferred") ? "" : own));
            }
            else if (element.Name is "memory" && element.Attribute("nodeset") is { } all && !element.Is("mode", "preferred"))
            {
                nodes.Add((null, all));
            }
        }

        return [.. nodes];
    }

    private static (ValueList<PciController> Controllers, ValueList<GuestIommu> Iommus, ValueList<PciAddress> InUse) Devices(XmlElementView domain)
    {
        var controllers = new List<PciController>();
        var iommus = new List<GuestIommu>();
        var inUse = new List<PciAddress>();
        foreach (var devices in domain.Children)
        {
            // libvirt reads all of them as one.
            if (devices.Name is not "devices")
            {
                continue;
            }

            foreach (var device in devices.Children)
            {
                if (device.Name is "controller" && device.Is("type", "pci") && device.Has("index"))
                {
                    controllers.Add(new(device));
                }
                else if (device.Name is "iommu")
                {
                    iommus.Add(new(device));
                }

                if (device.Child("address") is { } address && address.Is("type", "pci") && PciXml.IsPresent(address))
                {
                    inUse.Add(PciXml.Read(address));
                }
            }
        }

        return ([.. controllers], [.. iommus], [.. inUse]);
    }

    /// <summary>A scaled number (<c>virDomainParseScaledValue</c>): KiB without a unit.</summary>
    private static ulong? Bytes(XmlElementView? element)
    {
        if (element is not { } scaled)
        {
            return null;
        }

        var scale = scaled.Attribute("unit")?.ToLowerInvariant() switch
        {
            "b" or "byte" or "bytes" => 1UL,
            null or "k" or "kib" => 1UL << 10,
            "m" or "mib" => 1UL << 20,
            "g" or "gib" => 1UL << 30,
            "t" or "tib" => 1UL << 40,
            "p" or "pib" => 1UL << 50,
            "e" or "eib" => 1UL << 60,
            "kb" => 1_000UL,
            "mb" => 1_000_000UL,
            "gb" => 1_000_000_000UL,
            "tb" => 1_000_000_000_000UL,
            "pb" => 1_000_000_000_000_000UL,
            "eb" => 1_000_000_000_000_000_000UL,
            var unit => throw scaled.Error($"'unit' is '{unit}' and must be one of: b, KB, KiB, MB, MiB, GB, GiB, TB, TiB, PB, PiB, EB, EiB"),
        };
        return ulong.TryParse(scaled.Value.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ulong.MaxValue / scale
            ? number * scale
            : throw scaled.Error($"is '{scaled.Value}' and must be a number that fits 64 bits of bytes");
    }
}
