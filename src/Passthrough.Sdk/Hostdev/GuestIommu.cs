using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>An IOMMU that a guest sees: <c>&lt;iommu model='intel'&gt;</c> (libvirt 2.1.0). With one, the guest can pass devices on to guests of its own.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record GuestIommu
{
    internal GuestIommu(XmlElementView element)
    {
        Model = element.RequiredAttribute("model");
        if (element.Child("driver") is { } driver)
        {
            InterruptRemapping = driver.OnOff("intremap");
            CachingMode = driver.OnOff("caching_mode");
            DeviceIotlb = driver.OnOff("iotlb");
            AddressBits = driver.Number("aw_bits");
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
}
