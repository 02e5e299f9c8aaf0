
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>An IOMMU that a guest sees: <c>&lt;iommu model='intel'&gt;</c> (libvirt 2.1.0). With one, the guest can pass devices on to guests of its own.</summary>
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

    /// <summary><c>intel</c>, <c>smmuv3</c>, <c>virtio</c>, <c>amd</c> (libvirt 11.5.0).</summary>
    public string Model { get; }

    /// <summary>Whether it remaps interrupts; null for the default. Intel's needs <c>&lt;ioapic driver='qemu'/&gt;</c>.</summary>
    public bool? InterruptRemapping { get; }

    /// <summary>Whether it tells the host of every mapping: host devices behind an Intel IOMMU need it; null for the default, no.</summary>
    public bool? CachingMode { get; }

    /// <summary>Whether devices may cache translations; null for the default.</summary>
    public bool? DeviceIotlb { get; }

    /// <summary>Width of I/O addresses in bits; null for the default.</summary>
    public uint? AddressBits { get; }

    /// <summary>Whether interrupts reach more than 255 processors (<c>eim</c>, Intel's; libvirt 3.4.0); null for the default.</summary>
    public bool? ExtendedInterruptMode { get; }

    /// <summary>Whether it translates addresses at all (<c>dma_translation</c>, Intel's; libvirt 10.7.0), or remaps interrupts only; null for the default, yes.</summary>
    public bool? DmaTranslation { get; }

    /// <summary>Whether devices may pass by it untranslated (<c>passthrough</c>, AMD's; libvirt 11.5.0); null for the default.</summary>
    public bool? Passthrough { get; }

    /// <summary>Whether it remaps x2APIC interrupts (<c>xtsup</c>, AMD's; libvirt 11.5.0), which more than 255 processors need; null for the default.</summary>
    public bool? X2Apic { get; }

    /// <summary>The index of the PCI controller whose devices it is for (<c>pciBus</c>, SMMUv3's; libvirt 11.10.0); null for all of the guest.</summary>
    public uint? PciController { get; }

    /// <summary>
    /// What else stands in <c>&lt;driver&gt;</c>: the granule of virtio's (libvirt 12.1.0), and what later versions of libvirt
    /// say of accelerated SMMUv3s and of Intel's first stage. Null for nothing.
    /// </summary>
    public UnknownXml? UnknownInDriver { get; }
}
