using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>vfio-pci is not loaded, for many reasons.</summary>
public sealed class ModuleFaultTests
{
    /// <summary>All of VFIO out of the kernel, whether it was there or not.</summary>
    internal const string Unload = 
        "for module in vfio_pci vfio_pci_core vfio_iommu_type1 vfio_virqfd vfio; do rmmod $module 2>/dev/null || true; done; if grep ^vfio /proc/modules; then exit 1; fi";

    private const string NotSupported = "host doesn't support passthrough of host PCI devices";
    private const string NotLoaded = "Failed to load PCI stub module vfio-pci";
    private const string Modules = "/lib/modules/$(uname -r)";
    private const string Conf = "/etc/modprobe.d/fault.conf";

    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void Not_loaded_on_VTd() => NotLoadedByAnybody("vfio-pci not loaded, Intel");

    [Fact, LabHost(Iommu.AmdVi, Own = "without-vfio")]
    public void Not_loaded_on_AMDVi() => NotLoadedByAnybody("vfio-pci not loaded, AMD");

    /// <summary>
    /// systemd makes the node at boot, for every module that wants one; libvirt asks for no more, and loads the module itself.
    /// </summary>
    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void Not_loaded_and_the_node_is_there() =>
        new Fault("vfio-pci not loaded, /dev/vfio/vfio made at boot by systemd")
        {
            Inject = $"{Unload}; mkdir -p /dev/vfio; mknod -m 666 /dev/vfio/vfio c 10 196",
            TakeBack = $"rm /dev/vfio/vfio; {Unload}; modprobe vfio-pci",
            Doctor = null,
            Says = null,
        }.Show();

    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void Blacklisted() => Blocked("`blacklist vfio-pci` in modprobe.d", "blacklist vfio-pci");

    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void Replaced_by_a_command() => Blocked("`install vfio-pci /bin/false` in modprobe.d", "install vfio-pci /bin/false");

    /// <summary>The rest of VFIO is loaded, so that libvirt gets as far as the module.</summary>
    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void Blacklisted_beside_a_loaded_VFIO() =>
        new Fault("`blacklist vfio-pci` in modprobe.d, vfio loaded")
        {
            Inject = $"{Unload}; modprobe vfio_iommu_type1; echo 'blacklist vfio-pci' >{Conf}",
            TakeBack = $"rm {Conf}",
            Doctor = FindingIds.VfioModuleBlacklisted,
            Says = $"{NotLoaded}: administratively prohibited",
        }.Show();

    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void Replaced_by_a_command_beside_a_loaded_VFIO() =>
        new Fault("`install vfio-pci /bin/false` in modprobe.d, vfio loaded")
        {
            Inject = $"{Unload}; modprobe vfio_iommu_type1; echo 'install vfio-pci /bin/false' >{Conf}",
            TakeBack = $"rm {Conf}",
            Doctor = FindingIds.VfioModuleBlacklisted,
            Says = NotLoaded,
        }.Show();

    /// <summary>The kernel itself refuses the module, whatever modprobe.d says.</summary>
    [Fact, LabHost(Iommu.Vtd, Parameters = "module_blacklist=vfio_pci")]
    public void Blacklisted_by_a_kernel_parameter() =>
        new Fault("`module_blacklist=vfio_pci` on the kernel's command line, vfio loaded")
        {
            Inject = "modprobe vfio_iommu_type1",
            Doctor = FindingIds.VfioModuleBlacklisted,
            Says = NotLoaded,
        }.Show();

    /// <summary>A kernel package without its modules, or an update that took away those of the running kernel.</summary>
    [Fact, LabHost(Iommu.Vtd, Own = "faults")]
    public void Not_on_the_disk() =>
        new Fault("no vfio-pci among the modules of this kernel")
        {
            Inject = $"{Unload}; mkdir /tmp/lists; cp {Modules}/modules.* /tmp/lists/; sed -i '\\#/vfio/#d' /tmp/lists/modules.dep; rm /tmp/lists/*.bin; mount --bind /tmp/lists {Modules}",
            TakeBack = $"umount {Modules}; rm -r /tmp/lists",
            Doctor = FindingIds.VfioModuleUnavailable,
            Says = NotSupported,
        }.Show();

    private static void NotLoadedByAnybody(string name) =>
        new Fault(name) { Inject = Unload, Doctor = FindingIds.VfioModuleNotLoaded, Says = NotSupported }.Show();

    private static void Blocked(string name, string line) =>
        new Fault(name)
        {
            Inject = $"{Unload}; echo '{line}' >{Conf}",
            TakeBack = $"rm {Conf}",
            Doctor = FindingIds.VfioModuleBlacklisted,
            Says = NotSupported,
        }.Show();
}
