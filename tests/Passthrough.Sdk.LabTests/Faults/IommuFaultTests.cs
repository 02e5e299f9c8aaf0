using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>Faults of the machine, its firmware and its kernel parameters: vfio-pci is loaded everywhere.</summary>
public sealed class IommuFaultTests
{
    private const string NotSupported = "host doesn't support passthrough of host PCI devices";
    private const string NotPermitted = "Failed to set iommu for container: Operation not permitted";

    [Fact, LabHost(Iommu.None)]
    public void No_IOMMU_table() => Show("no IOMMU in the machine", FindingIds.IommuFirmwareTableMissing, NotSupported);

    /// <summary>One of the two messages that this library was made for, as most readers of the tutorial see it.</summary>
    [Fact, LabHost(Iommu.None)]
    public void No_IOMMU_table_in_Chinese() =>
        new Fault("no IOMMU in the machine, libvirtd and virsh in Chinese")
        {
            Inject = $"modprobe vfio-pci; {Chinese.Daemon}",
            TakeBack = Chinese.Back,
            Attempt = Chinese.Start,
            Doctor = FindingIds.IommuFirmwareTableMissing,
            Says = "主机不支持主机 PCI 设备的 passthrough",
        }.Show();

    [Fact, LabHost(Iommu.Vtd, Parameters = "intel_iommu=off")]
    public void VTd_off() => Show("`intel_iommu=off`", FindingIds.IommuDisabledByKernelParameter, NotSupported);

    [Fact, LabHost(Iommu.AmdVi, Parameters = "amd_iommu=off")]
    public void AMDVi_off() => Show("`amd_iommu=off`", FindingIds.IommuDisabledByKernelParameter, NotSupported);

    [Fact, LabHost(Iommu.Vtd, Parameters = "iommu=off")]
    public void VTd_off_with_all_IOMMUs() => Show("`iommu=off`, Intel", FindingIds.IommuDisabledByKernelParameter, NotSupported);

    [Fact, LabHost(Iommu.AmdVi, Parameters = "iommu=off")]
    public void AMDVi_off_with_all_IOMMUs() => Show("`iommu=off`, AMD", FindingIds.IommuDisabledByKernelParameter, NotSupported);

    /// <summary>Two things that look like faults and are none: the parameter does nothing, and VFIO works under lockdown.</summary>
    [Fact, LabHost(Iommu.Vtd, Parameters = ParametersTests.BlacklistedByNobody)]
    public void The_parameter_of_the_other_vendor_and_a_locked_kernel() =>
        Show("`amd_iommu=on` on Intel, and `lockdown=confidentiality`", FindingIds.IommuParameterForOtherVendor, null);

    [Fact, LabHost(Iommu.AmdVi, InterruptRemapping = false)]
    public void AMDVi_without_interrupt_remapping() => Show("no interrupt remapping, AMD", FindingIds.InterruptRemappingMissing, NotPermitted);

    [Fact, LabHost(Iommu.Vtd, InterruptRemapping = false)]
    public void VTd_without_interrupt_remapping() => Show("no interrupt remapping, Intel", FindingIds.InterruptRemappingMissing, NotPermitted);

    /// <summary>Two faults: VFIO asks for the group first, and libvirt's text says so.</summary>
    [Fact, LabHost(Iommu.Vtd, InterruptRemapping = false)]
    public void Without_interrupt_remapping_and_with_a_shared_group() =>
        new Fault("no interrupt remapping, and one of two NICs behind a bridge")
        {
            Inject = "modprobe vfio-pci",
            Device = Device.SharedNic,
            Doctor = FindingIds.GroupNotViable,
            Says = "is not viable",
        }.Show();

    /// <summary>Two faults: without an IOMMU it does not matter yet that the module cannot be loaded.</summary>
    [Fact, LabHost(Iommu.Vtd, Parameters = "intel_iommu=off")]
    public void VTd_off_and_the_module_blacklisted() =>
        new Fault("`intel_iommu=off`, and vfio-pci blacklisted")
        {
            Inject = $"{ModuleFaultTests.Unload}; echo 'blacklist vfio-pci' >/etc/modprobe.d/fault.conf",
            TakeBack = "rm /etc/modprobe.d/fault.conf",
            Doctor = FindingIds.IommuDisabledByKernelParameter,
            Says = NotSupported,
        }.Show();

    private static void Show(string name, string doctor, string? says) =>
        new Fault(name) { Inject = "modprobe vfio-pci", Doctor = doctor, Says = says }.Show();
}
