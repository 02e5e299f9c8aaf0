using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>On Xen the hypervisor drives the IOMMU and xen-pciback hands devices over; dom0's kernel parameters do nothing.</summary>
public sealed class XenFaultTests
{
    /// <summary>libvirt's sentence is the same for whatever went wrong: the reason stands in libxl's log.</summary>
    [Fact, LabHost(Iommu.None, Xen = true)]
    public void Xen_without_an_IOMMU() => Show(
        "Xen, no IOMMU in the machine", "modprobe xen-pciback", FindingIds.XenNoDirectIo, $"libxenlight failed to create new domain '{Fault.Domain}'");

    [Fact, LabHost(Iommu.Vtd, Xen = true)]
    public void Xen_without_its_module_for_devices() => Show(
        "Xen, xen-pciback not loaded", "! grep -q ^xen_pciback /proc/modules || rmmod xen_pciback", FindingIds.XenPcibackMissing, "Failed to load PCI stub module pciback");

    /// <summary>Whoever added it has changed nothing; Xen gives the device away with it as without.</summary>
    [Fact, LabHost(Iommu.Vtd, Xen = true, Parameters = "intel_iommu=on")]
    public void A_parameter_for_dom0s_kernel_does_nothing() => Show(
        "Xen, `intel_iommu=on` for dom0's kernel", "modprobe xen-pciback", FindingIds.XenDom0ParameterHasNoEffect, null);

    private static void Show(string name, string inject, string doctor, string? says) =>
        new Fault(name) { Inject = inject, Guest = GuestKind.XenPv, Attempt = Attempts.StartOnXen, Doctor = doctor, Says = says }.Show();
}
