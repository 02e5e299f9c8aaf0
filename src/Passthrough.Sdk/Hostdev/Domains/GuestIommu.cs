using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>An IOMMU of a guest: <c>&lt;iommu model='intel'&gt;</c> (libvirt 2.1.0). With an IOMMU, the guest can assign devices to its own guests.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record GuestIommu
{
    private static readonly string[] KnownAttributes =
        ["intremap", "caching_mode", "iotlb", "aw_bits", "eim", "dma_translation", "passthrough", "xtsup", "pciBus"];

    internal GuestIommu(XmlElementView element)
    {
        Model = element.RequiredAttribute("model");
        if (element.Child("driver") is { } driver)
        {
            InterruptRemapping = driver.OnOff("intremap");
            CachingMode = driver.OnOff("caching_mode");
            DeviceIotlb = driver.OnOff("iotlb");
            AddressBits = driver.Number("aw_bits");
            ExtendedInterruptMode = driver.OnOff("eim");
            DmaTranslation = driver.OnOff("dma_translation");
            Passthrough = driver.OnOff("passthrough");
            X2Apic = driver.OnOff("xtsup");
            PciController = driver.Number("pciBus");
            UnknownInDriver = UnknownXml.Of(driver, KnownAttributes, []);
        }
    }

    /// <summary>Gets the model: <c>intel</c>, <c>smmuv3</c>, <c>virtio</c>, <c>amd</c> (libvirt 11.5.0).</summary>
    public string Model { get; }

    /// <summary>Gets whether it remaps interrupts; null for the default. Intel's requires <c>&lt;ioapic driver='qemu'/&gt;</c>.</summary>
    public bool? InterruptRemapping { get; }

    /// <summary>Gets whether it reports every mapping to the host, which host devices behind an Intel IOMMU require; null for the default, no.</summary>
    public bool? CachingMode { get; }

    /// <summary>Gets whether devices may cache translations; null for the default.</summary>
    public bool? DeviceIotlb { get; }

    /// <summary>Gets the width of I/O addresses in bits; null for the default.</summary>
    public uint? AddressBits { get; }

    /// <summary>Gets whether interrupts can reach more than 255 processors (<c>eim</c>, Intel's; libvirt 3.4.0); null for the default.</summary>
    public bool? ExtendedInterruptMode { get; }

    /// <summary>Gets whether it translates addresses (<c>dma_translation</c>, Intel's; libvirt 10.7.0), or only remaps interrupts; null for the default, yes.</summary>
    public bool? DmaTranslation { get; }

    /// <summary>Gets whether devices may bypass its translation (<c>passthrough</c>, AMD's; libvirt 11.5.0); null for the default.</summary>
    public bool? Passthrough { get; }

    /// <summary>Gets whether it remaps x2APIC interrupts (<c>xtsup</c>, AMD's; libvirt 11.5.0), which more than 255 processors need; null for the default.</summary>
    public bool? X2Apic { get; }

    /// <summary>Gets the index of the PCI controller that it serves (<c>pciBus</c>, SMMUv3's; libvirt 11.10.0); null for all devices of the guest.</summary>
    public uint? PciController { get; }

    /// <summary>
    /// Gets the other parts of <c>&lt;driver&gt;</c>: the granule of virtio's IOMMU (libvirt 12.1.0), and the parts that later versions of
    /// libvirt use for accelerated SMMUv3s and Intel's first stage. Null for none.
    /// </summary>
    public UnknownXml? UnknownInDriver { get; }
}
