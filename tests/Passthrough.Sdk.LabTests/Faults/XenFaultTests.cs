using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Faults;

/// <summary>On Xen the hypervisor drives the IOMMU and xen-pciback hands devices over; dom0's kernel parameters do nothing.</summary>
/// <remarks>The faults that need a running guest are in XenReleaseTests, whose guests run anyway.</remarks>
public sealed class XenFaultTests
{
    /// <summary>libvirt's sentence is the same for whatever went wrong: the reason stands in libxl's log.</summary>
    [Fact, LabHost(Iommu.None, Xen = true)]
    public void Xen_without_an_IOMMU() => Show(
        "Xen, no IOMMU in the machine", "modprobe xen-pciback", FindingIds.XenNoDirectIo, $"libxenlight failed to create new domain '{Fault.Domain}'");

    /// <summary>The reason is read from libxl's log, without a caller who knows where that is.</summary>
    [Fact, LabHost(Iommu.None, Xen = true)]
    public async Task A_plan_without_an_IOMMU_is_refused_before_the_attempt_and_the_attempt_is_explained_from_libxls_log()
    {
        Shell.Run("modprobe xen-pciback");
        using (var vm = LabDomain.DefineOnXen("refused", ""))
        {
            var before = vm.Definition;
            var plan = PassthroughHost.Local().Plan([Device.Nic], vm.Domain);
            Assert.Equal(FindingIds.XenNoDirectIo, plan.Findings[0].Id);
            await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal((before, "e1000e"), (vm.Definition, Device.DriverOf(Device.Nic)));
        }

        using var tried = LabDomain.DefineOnXen("tried", Attempts.Hostdev(Device.Nic));
        var error = Assert.Throws<LibvirtException>(() => tried.Domain.Start());
        var explanation = PassthroughHost.Local().Explain(error);

        Assert.DoesNotContain("not supported", error.Message, StringComparison.Ordinal);
        Assert.Equal(FindingIds.XenNoDirectIo, explanation.Cause?.Id);
        Assert.Contains(explanation.Cause!.Evidence, evidence => evidence.Source.EndsWith("libxl-driver.log", StringComparison.Ordinal)
            && evidence.Value.Contains("passthrough not supported on this platform", StringComparison.Ordinal));
    }

    [Fact, LabHost(Iommu.Vtd, Xen = true)]
    public void Xen_without_its_module_for_devices() => Show(
        "Xen, xen-pciback not loaded", "! grep -q ^xen_pciback /proc/modules || rmmod xen_pciback", FindingIds.XenPcibackMissing, "Failed to load PCI stub module pciback");

    /// <summary>The module does not start, whoever loads it.</summary>
    [Fact, LabHost(Iommu.Vtd, Xen = true)]
    public void Xen_with_a_list_of_devices_that_cannot_be_read()
    {
        const string Options = "/etc/modprobe.d/hide.conf";
        Show(
            "Xen, a malformed `xen-pciback.hide=`",
            $"! grep -q ^xen_pciback /proc/modules || rmmod xen_pciback; mkdir -p /etc/modprobe.d; echo 'options xen-pciback hide=(1:0:1:0:)' >{Options}; ! modprobe xen-pciback 2>/dev/null",
            FindingIds.XenHideMalformed, "Failed to load PCI stub module pciback", $"rm {Options}; modprobe xen-pciback");
    }

    /// <summary>Whoever added the parameter for dom0's kernel has changed nothing: Xen's own switches the IOMMU off.</summary>
    [Fact, LabHost(Iommu.Vtd, Xen = true, Parameters = "intel_iommu=on", XenParameter = "iommu=0")]
    public void A_parameter_of_Xen_switches_the_IOMMU_off_and_one_for_dom0s_kernel_does_nothing()
    {
        Show("Xen, `iommu=0` on its own command line, `intel_iommu=on` on that of dom0's kernel", "modprobe xen-pciback", FindingIds.XenNoDirectIo, $"libxenlight failed to create new domain '{Fault.Domain}'");

        var report = PassthroughHost.Local().Capture().CheckReadiness();
        Assert.StartsWith("iommu=0 on Xen's own command line", report[0].Title, StringComparison.Ordinal);
        Assert.Contains(report, finding => finding is { Id: FindingIds.XenDom0ParameterHasNoEffect, Severity: FindingSeverity.Warning });
    }

    private static void Show(string name, string inject, string doctor, string? says, string takeBack = "true") =>
        new Fault(name) { Inject = inject, TakeBack = takeBack, Guest = GuestKind.XenPv, Attempt = Attempts.StartOnXen, Doctor = doctor, Says = says }.Show();
}
