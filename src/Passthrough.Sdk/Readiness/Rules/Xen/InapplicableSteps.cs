using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Knows which steps of passthrough with KVM have no place with Xen's guests.</summary>
internal static class InapplicableSteps
{
    private static readonly InapplicableStep Virtualization = new(
        "VT-x or AMD-V in the firmware's set-up", "a paravirtualised guest runs without the CPU's virtualisation; VT-d or AMD-Vi is needed all the same");

    private static readonly ValueList<InapplicableStep> OfXen =
    [
        new("intel_iommu=, amd_iommu= and iommu= on the kernel's command line",
            "Xen drives the IOMMU and hides it from dom0's kernel; the parameter iommu= on Xen's own command line counts, and it is on by default"),
        new("IOMMU groups", "Xen keeps them to itself: /sys/kernel/iommu_groups in dom0 is empty, and what shares a group with a device is not known there"),
        new("vfio-pci and /dev/vfio", "xen-pciback takes the device from its driver and hands it over"),
        new("allow_unsafe_interrupts of vfio_iommu_type1", "Xen remaps interrupts; without the remapping its log says so, and nothing in dom0 changes that"),
        new("the limit of locked memory (memlock)", "no process in dom0 locks the guest's memory"),
    ];

    /// <summary>Returns the steps that have no place with a kind of guest.</summary>
    public static ValueList<InapplicableStep> For(GuestKind guest) => guest switch
    {
        GuestKind.Qemu => [],
        GuestKind.XenPv => [Virtualization, .. OfXen],
        _ => OfXen,
    };
}
