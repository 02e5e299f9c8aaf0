using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>Xen, seen from a kernel that runs on it. All facts are absent if the kernel does not run on Xen.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record XenStatus
{
    /// <summary>
    /// Gets whether this is dom0, which owns the machine's devices while Xen controls the IOMMU. Source: bit 11 of
    /// /sys/hypervisor/properties/features, else /proc/xen/capabilities; for a host that libvirt describes, whether it runs Xen's guests.
    /// </summary>
    public Fact<bool> IsDom0 { get; init; }

    /// <summary>Gets the guest type of this kernel: <c>PV</c>, <c>HVM</c>, <c>PVH</c>. Source: /sys/hypervisor/guest_type.</summary>
    public Fact<string> GuestType { get; init; }

    /// <summary>
    /// Gets whether Xen uses an IOMMU, according to its log (<c>I/O virtualisation enabled</c>, at its last start). Source:
    /// /var/log/xen/console/hypervisor.log, if xenconsoled is configured to write it; usually only root can read it. Absent
    /// otherwise: <c>xl info</c> shows it as <c>pv_directio</c> in virt_caps.
    /// </summary>
    public Fact<bool> DrivesIommu { get; init; }

    /// <summary>Gets Xen's version, <c>4.17.7</c>. Source: /sys/hypervisor/version.</summary>
    public Fact<string> Version { get; init; }

    /// <summary>Gets the kinds of guests that Xen can run, <c>xen-3.0-x86_64 hvm-3.0-x86_64</c>: without <c>hvm</c> only paravirtualised ones. Source: /sys/hypervisor/properties/capabilities.</summary>
    public Fact<string> Capabilities { get; init; }
}
