using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;

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
    /// Gets whether Xen uses an IOMMU: by <see cref="VirtCaps"/>, or by its log (<c>I/O virtualisation enabled</c>, at its last start). Source:
    /// Xen itself; otherwise /var/log/xen/console/hypervisor.log, if xenconsoled is configured to write it. Usually only root can read either.
    /// Nothing in dom0's /sys shows it.
    /// </summary>
    public Fact<bool> DrivesIommu { get; init; }

    /// <summary>
    /// Gets what Xen can do for guests, in the words of <c>xl info</c> (virt_caps): <c>pv</c> and <c>hvm</c> are the guests that it can run,
    /// <c>pv_directio</c> and <c>hvm_directio</c> those that can own a device. Source: Xen itself (XEN_SYSCTL_physinfo), which only root can ask. Unknown if
    /// this Xen's interface is not one of those that are known, which are those of Xen 4.16 and later; absent if this is not dom0.
    /// </summary>
    public Fact<ValueList<string>> VirtCaps { get; init; }

    /// <summary>
    /// Gets Xen's own command line, whose <c>iommu=</c> counts, and not that of dom0's kernel. Source: Xen itself (XENVER_commandline), which only root can
    /// ask, or /var/log/xen/console/hypervisor.log. Unknown without both; absent if this is not dom0.
    /// </summary>
    public Fact<KernelCommandLine> CommandLine { get; init; }

    /// <summary>Gets the state of pciback, the driver of dom0's kernel that hands devices over to guests.</summary>
    public PcibackStatus Pciback { get; init; } = new();

    /// <summary>Gets Xen's version, <c>4.17.7</c>. Source: /sys/hypervisor/version.</summary>
    public Fact<string> Version { get; init; }

    /// <summary>Gets the kinds of guests that Xen can run, <c>xen-3.0-x86_64 hvm-3.0-x86_64</c>: without <c>hvm</c> only paravirtualised ones. Source: /sys/hypervisor/properties/capabilities.</summary>
    public Fact<string> Capabilities { get; init; }
}
