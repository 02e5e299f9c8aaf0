using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>On Xen the hypervisor drives the IOMMU; what dom0's kernel says of it means nothing.</summary>
public sealed class XenRulesTests
{
    [Theory]
    [InlineData("xen-3.0-x86_64 hvm-3.0-x86_64\n", GuestKind.XenHvm)]
    [InlineData("xen-3.0-x86_64\n", GuestKind.XenPv)]
    public void The_guest_that_fits_a_dom0_is_one_of_Xen(string capabilities, GuestKind kind)
    {
        using var host = Machine.Dom0.With("/sys/hypervisor/properties/capabilities", capabilities).Build();
        Assert.Equal(kind, PassthroughHost.At(host.Root).Capture().FittingGuest());
    }

    [Fact]
    public void The_guest_that_fits_any_other_host_is_one_of_QEMU()
    {
        using var host = Machine.Intel.Build();
        Assert.Equal(GuestKind.Qemu, PassthroughHost.At(host.Root).Capture().FittingGuest());
    }

    [Fact]
    public void Without_libvirt_nobody_can_tell_whether_Xen_drives_the_IOMMU_that_is_there()
    {
        var finding = Assert.Single(Check(Machine.Dom0, null), finding => finding.Id == FindingIds.XenNoDirectIo);
        Assert.True(finding.IsUndetermined);
        Assert.Contains("pv_directio", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Libvirts_yes_is_believed_and_its_no_is_none(bool hasIommu)
    {
        var report = Check(Machine.Dom0, new LibvirtFacts
        {
            Uri = "xen:///system",
            Version = Fact.Known(new Version(9, 0, 0), "virConnectGetLibVersion"),
            HasIommu = Fact.Known(hasIommu, "virConnectGetCapabilities"),
        });
        Assert.Equal(hasIommu ? true : null, report.IsReady);
        Assert.Equal(!hasIommu, report.Any(finding => finding is { Id: FindingIds.XenNoDirectIo, IsUndetermined: true }));
    }

    [Theory]
    [InlineData("(XEN) I/O virtualisation enabled\n", true)]
    [InlineData("(XEN) I/O virtualisation disabled\n", false)]
    [InlineData("(XEN) I/O virtualisation disabled\n(XEN) I/O virtualisation enabled\n(XEN)  - Dom0 mode: Relaxed\n", true)]
    [InlineData("(XEN) something else\n", null)]
    public void Xens_own_words_of_its_last_start_are_believed(string log, bool? drives)
    {
        var report = Check(Machine.Dom0.With("/var/log/xen/console/hypervisor.log", log), null);
        Assert.Equal(drives, report.IsReady);
        Assert.Equal(drives is null, report.Any(finding => finding is { Id: FindingIds.XenNoDirectIo, IsUndetermined: true }));
        Assert.Equal(drives == false, report.Any(finding => finding is { Id: FindingIds.XenNoDirectIo, Severity: FindingSeverity.Error }));
    }

    [Theory]
    [InlineData("<capabilities><host><iommu support='yes'/></host><guest><arch name='x86_64'/></guest></capabilities>", true, "x86_64")]
    [InlineData("<capabilities><host><iommu support='no'/></host></capabilities>", false, "")]
    [InlineData("<capabilities><host/><guest><arch name='i686'/></guest><guest><arch name='x86_64'/></guest></capabilities>", null, "i686 x86_64")]
    public void The_capabilities_are_read_as_libvirt_writes_them(string xml, bool? hasIommu, string architectures)
    {
        var (iommu, guests) = LibvirtFacts.ReadCapabilities(xml);
        Assert.Equal(hasIommu, iommu.IsKnown ? iommu.Value : null);
        Assert.Equal(architectures, string.Join(' ', guests.Value));
    }

    private static ReadinessReport Check(Machine machine, LibvirtFacts? libvirt)
    {
        using var host = machine.Build();
        return PassthroughHost.At(host.Root).Capture().CheckDevices([], libvirt: libvirt);
    }
}
