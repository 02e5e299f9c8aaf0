using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>Xen, seen from a kernel that runs on it. All facts are absent where the kernel does not run on Xen.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record XenStatus
{
    /// <summary>
    /// Whether this is dom0, which owns the machine's devices while Xen itself drives the IOMMU. Source: bit 11 of
    /// /sys/hypervisor/properties/features, else /proc/xen/capabilities; of a host that libvirt describes, that it runs Xen's guests.
    /// </summary>
    public Fact<bool> IsDom0 { get; init; }

    /// <summary>How this kernel itself runs: <c>PV</c>, <c>HVM</c>, <c>PVH</c>. Source: /sys/hypervisor/guest_type.</summary>
    public Fact<string> GuestType { get; init; }

    /// <summary>
    /// Whether Xen drives an IOMMU, in its own words (<c>I/O virtualisation enabled</c>, of its last start). Source:
    /// /var/log/xen/console/hypervisor.log, where xenconsoled was told to keep them, and that root alone may read as a rule; absent
    /// elsewhere: <c>xl info</c> tells by <c>pv_directio</c> in virt_caps.
    /// </summary>
    public Fact<bool> DrivesIommu { get; init; }

    /// <summary>Xen's version, <c>4.17.7</c>. Source: /sys/hypervisor/version.</summary>
    public Fact<string> Version { get; init; }

    /// <summary>The kinds of guests that Xen can run, <c>xen-3.0-x86_64 hvm-3.0-x86_64</c>: without <c>hvm</c> only paravirtualised ones. Source: /sys/hypervisor/properties/capabilities.</summary>
    public Fact<string> Capabilities { get; init; }
}
