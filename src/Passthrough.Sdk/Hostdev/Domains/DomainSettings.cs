using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>What a plan needs to know of a domain besides its host devices.</summary>
/// <remarks>Read from the XML alone: what libvirt would add by itself is not there. Thread safety: immutable.</remarks>
public sealed record DomainSettings
{
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
        Metadata = domain.Child("metadata")?.Standalone();
        (PciControllers, Iommus, PciAddressesInUse) = Devices(domain);
    }

    /// <summary>The hypervisor: <c>kvm</c>, <c>qemu</c>, <c>xen</c>, <c>lxc</c>, ...; null when it is not said.</summary>
    public string? Type { get; }

    /// <summary>The domain's name; null when it has none yet.</summary>
    public string? Name { get; }

    /// <summary>The domain's UUID; null when it has none yet.</summary>
    public Guid? Uuid { get; }

    /// <summary>The guest's architecture, <c>x86_64</c>; null leaves it to libvirt.</summary>
    public string? Architecture { get; }

    /// <summary>The machine type, <c>pc-q35-7.2</c>; null leaves it to libvirt.</summary>
    public string? Machine { get; }

    /// <summary>Whether the boot order is said by <c>&lt;os&gt;&lt;boot&gt;</c>, which excludes <see cref="DeviceBoot"/>.</summary>
    public bool HasOsBoot { get; }

    /// <summary>Memory in bytes; null when it is not said.</summary>
    public ulong? MemoryBytes { get; }

    /// <summary>The most memory the domain may use on the host in bytes (<c>memtune/hard_limit</c>), which is its limit of locked memory; null for none.</summary>
    public ulong? HardLimitBytes { get; }

    /// <summary>Whether the host never swaps the guest's memory (<c>memoryBacking/locked</c>).</summary>
    public bool MemoryLocked { get; }

    /// <summary>Whether the guest's memory is of huge pages.</summary>
    public bool HugePages { get; }

    /// <summary>What the memory is: <c>file</c>, <c>anonymous</c>, <c>memfd</c>; null for the default.</summary>
    public string? MemorySource { get; }

    /// <summary>Whether KVM hides from the guest (<c>features/kvm/hidden</c>): for drivers that refuse to run in a guest.</summary>
    public bool KvmHidden { get; }

    /// <summary>The name that Hyper-V enlightenments show the guest; null for the default.</summary>
    public string? HypervVendorId { get; }

    /// <summary>Where the I/O APIC is, <c>kvm</c> or <c>qemu</c>; null for the default.</summary>
    public string? IoapicDriver { get; }

    /// <summary><c>custom</c>, <c>host-model</c>, <c>host-passthrough</c>, <c>maximum</c>; null for the default.</summary>
    public string? CpuMode { get; }

    /// <summary>The CPU model; null when the mode says it.</summary>
    public string? CpuModel { get; }

    /// <summary>Whether host devices are opened through /dev/iommu; null for the default, no. libvirt 12.2.0.</summary>
    public bool? Iommufd { get; }

    /// <summary>The file descriptors handed over for it (<c>virDomainFDAssociate</c>); null for none. libvirt 12.2.0.</summary>
    public string? IommufdGroup { get; }

    /// <summary>The <c>&lt;metadata&gt;</c> element of other programs, as it stands; null for none.</summary>
    public string? Metadata { get; }

    /// <summary>The PCI controllers that are said, in the document's order.</summary>
    public ValueList<PciController> PciControllers { get; }

    /// <summary>The IOMMUs the guest sees.</summary>
    public ValueList<GuestIommu> Iommus { get; }

    /// <summary>The guest's PCI addresses that devices have, in the document's order.</summary>
    public ValueList<PciAddress> PciAddressesInUse { get; }

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
