using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Readiness;

/// <summary>One sentence of libvirt, three causes: doctor names the right one before the attempt.</summary>
public sealed class DoctorTests
{
    private const string Sentence = "host doesn't support passthrough of host PCI devices";

    [Fact, LabHost(Iommu.None)]
    public void No_IOMMU_in_the_machine() => DoctorNamesWhatLibvirtDoesNot(FindingIds.IommuFirmwareTableMissing);

    [Fact, LabHost(Iommu.Vtd, Parameters = "intel_iommu=off")]
    public void VTd_switched_off() => DoctorNamesWhatLibvirtDoesNot(FindingIds.IommuDisabledByKernelParameter);

    [Fact, LabHost(Iommu.AmdVi, Parameters = "amd_iommu=off")]
    public void AMDVi_switched_off() => DoctorNamesWhatLibvirtDoesNot(FindingIds.IommuDisabledByKernelParameter);

    [Fact, LabHost(Iommu.Vtd, Own = "without-vfio")]
    public void VTd_without_vfio_pci() => DoctorNamesWhatLibvirtDoesNot(FindingIds.VfioModuleNotLoaded);

    [Fact, LabHost(Iommu.AmdVi, Own = "without-vfio")]
    public void AMDVi_without_vfio_pci() => DoctorNamesWhatLibvirtDoesNot(FindingIds.VfioModuleNotLoaded);

    [Fact, LabHost(Iommu.Vtd)]
    public void A_healthy_VTd_host_is_ready() => IsReady();

    [Fact, LabHost(Iommu.AmdVi)]
    public void A_healthy_AMDVi_host_is_ready() => IsReady();

    [Fact, LabHost(Iommu.Vtd)]
    public void A_healthy_VTd_host_cannot_be_told_by_an_ordinary_user_who_does_not_see_who_has_the_device_open() => CannotBeToldByNobody();

    [Fact, LabHost(Iommu.AmdVi)]
    public void A_healthy_AMDVi_host_cannot_be_told_by_an_ordinary_user_who_does_not_see_who_has_the_device_open() => CannotBeToldByNobody();

    private static void CannotBeToldByNobody()
    {
        Shell.Run("modprobe vfio-pci");
        var nic = PciAddress.Parse("0000:01:00.0");
        var report = AsNobody.Run(() => PassthroughHost.Local().Capture(new() { DetailsOf = [nic], OpenHandles = true }).CheckDevices([nic]));
        Assert.Null(report.IsReady);
        var open = Assert.Single(report, finding => finding.Id == FindingIds.DeviceHasOpenHandles);
        Assert.True(open.IsUndetermined);
        Assert.Equal(FindingSeverity.Error, open.PossibleSeverity);
        Assert.Contains("cannot be read", open.Title, StringComparison.Ordinal);
    }

    private static void DoctorNamesWhatLibvirtDoesNot(string id)
    {
        var report = PassthroughHost.Local().Capture().CheckReadiness();
        Assert.False(report.IsReady);
        Assert.Equal(id, report[0].Id);
        Assert.NotEmpty(report[0].Evidence);
        Assert.Single(report, finding => finding.Severity == FindingSeverity.Error);

        using var vm = LabDomain.Define("doomed", devices: """
            <hostdev mode='subsystem' type='pci' managed='yes'>
              <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>
            </hostdev>
            """);
        var error = Assert.Throws<LibvirtException>(() => vm.Domain.Start());
        Assert.Equal(LibvirtErrorCode.ConfigUnsupported, error.Code);
        Assert.Equal(67, (int)error.Code);
        Assert.Contains(Sentence, error.NativeMessage, StringComparison.Ordinal);
    }

    private static void IsReady()
    {
        Shell.Run("modprobe vfio-pci");
        var report = PassthroughHost.Local().Capture().CheckReadiness();
        Assert.True(report.IsReady, string.Join("; ", report));
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error);
    }
}
