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

    [Theory]
    [InlineData("pv hvm hvm_directio pv_directio hap", GuestKind.XenPv, true)]
    [InlineData("pv hvm hvm_directio pv_directio hap", GuestKind.XenHvm, true)]
    [InlineData("pv hvm hap", GuestKind.XenPv, false)]
    [InlineData("pv hvm hap", GuestKind.XenHvm, false)]
    public void What_Xen_says_that_it_can_do_decides(string caps, GuestKind guest, bool isReady)
    {
        using var host = Machine.Dom0.With("/.passthrough/xen", $"virt_caps : {caps}\n").Build();

        var report = PassthroughHost.At(host.Root).Capture().CheckReadiness(guest);

        Assert.Equal(isReady, report.IsReady);
        Assert.Equal(!isReady, report.Any(finding => finding is { Id: FindingIds.XenNoDirectIo, Severity: FindingSeverity.Error }));
    }

    [Theory]
    [InlineData("console=com1 iommu=0", "iommu=0")]
    [InlineData("iommu=verbose,off", "iommu=verbose,off")]
    [InlineData("iommu=1 iommu=no", "iommu=no")]
    [InlineData("no-iommu", "no-iommu")]
    public void A_parameter_of_Xen_that_switches_the_IOMMU_off_is_named(string line, string off)
    {
        using var host = Machine.Dom0.With("/.passthrough/xen", $"xen_commandline : {line}\nvirt_caps : pv hvm\n").Build();

        var finding = Assert.Single(PassthroughHost.At(host.Root).Capture().CheckReadiness(), finding => finding.Id == FindingIds.XenNoDirectIo);

        Assert.StartsWith($"{off} on Xen's own command line", finding.Title, StringComparison.Ordinal);
        Assert.Contains($"remove {off} from Xen's own parameters (GRUB_CMDLINE_XEN", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Value == line);
    }

    [Theory]
    [InlineData("iommu=no-intremap")]
    [InlineData("iommu=0 iommu=force")]
    [InlineData("iommu")]
    public void A_parameter_of_Xen_that_leaves_it_on_is_not_blamed(string line)
    {
        using var host = Machine.Dom0.With("/.passthrough/xen", $"xen_commandline : {line}\nvirt_caps : pv hvm\n").Build();
        Assert.DoesNotContain("command line", Assert.Single(PassthroughHost.At(host.Root).Capture().CheckReadiness(), finding => finding.Id == FindingIds.XenNoDirectIo).Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12", GuestKind.XenPv, FindingIds.XenPvWithoutIsolation)]
    [InlineData("12", GuestKind.XenHvm, FindingIds.XenNoDirectIo)]
    [InlineData("13", GuestKind.XenPv, FindingIds.XenNoDirectIo)]
    [InlineData("17", GuestKind.XenPv, FindingIds.XenNoDirectIo)]
    [InlineData(null, GuestKind.XenPv, FindingIds.XenNoDirectIo)]
    public void An_older_Xen_gives_devices_to_paravirtualised_guests_without_an_IOMMU_and_that_is_named(string? minor, GuestKind guest, string id)
    {
        var machine = Machine.Dom0 with { Table = null };
        machine = minor is null ? machine : machine.With("/sys/hypervisor/version/major", "4\n").With("/sys/hypervisor/version/minor", $"{minor}\n").With("/sys/hypervisor/version/extra", ".1\n");
        using var host = machine.Build();

        var report = PassthroughHost.At(host.Root).Capture().CheckReadiness(guest);

        Assert.False(report.IsReady);
        Assert.Equal(id, report[0].Id);
    }

    [Fact]
    public void A_PVH_guest_gets_no_device_whatever_the_host_can_do()
    {
        using var host = Machine.Dom0.With("/.passthrough/xen", "virt_caps : pv hvm hvm_directio pv_directio\n").Build();

        var report = PassthroughHost.At(host.Root).Capture().CheckReadiness(GuestKind.XenPvh);

        Assert.Equal((false, FindingIds.XenPvhWithoutDevices), (report.IsReady, report[0].Id));
        Assert.Equal(GuestKind.XenPvh, DomainXml.GuestKindOf("<domain type='xen'><os><type arch='x86_64' machine='xenpvh'>xenpvh</type></os></domain>"));
    }

    [Fact]
    public void The_steps_of_KVM_that_have_no_place_on_Xen_are_named_with_the_reason()
    {
        using var host = Machine.Dom0.Build();
        var snapshot = PassthroughHost.At(host.Root).Capture();

        Assert.Empty(snapshot.StepsNotApplicable(GuestKind.Qemu));
        Assert.Contains(snapshot.StepsNotApplicable(), step => step.Step.Contains("intel_iommu=", StringComparison.Ordinal) && step.Reason.Contains("Xen's own command line", StringComparison.Ordinal));
        Assert.Contains(snapshot.StepsNotApplicable(GuestKind.XenPv), step => step.Step.Contains("VT-x", StringComparison.Ordinal));
        Assert.DoesNotContain(snapshot.StepsNotApplicable(GuestKind.XenHvm), step => step.Step.Contains("VT-x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pciback", "pciback", null, true, true)]
    [InlineData("pciback", "pciback", "other", true, false)]
    [InlineData("pciback", "pciback", null, false, false)]
    [InlineData("pciback", null, null, true, false)]
    [InlineData("e1000e", null, null, true, false)]
    public void A_device_that_a_guest_did_not_return_is_named(string driver, string? driverOverride, string? owner, bool isManaged, bool isSaid)
    {
        using var host = Machine.Dom0.Build();
        host.AddPciDriver("pciback").AddPciDevice("0000:02:00.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: driver);
        host.WriteAttribute("0000:02:00.0", "driver_override", driverOverride is null ? "(null)\n" : $"{driverOverride}\n");
        var device = Passthrough.Sdk.Pci.PciAddress.Parse("0000:02:00.0");
        DomainDeviceUse named = new() { Domain = "pv", Device = device, IsRunning = false, Form = Passthrough.Sdk.Hostdev.HostUseForm.Hostdev, IsManaged = isManaged };
        var libvirt = new LibvirtFacts
        {
            Uri = "xen:///system",
            Version = Fact.Known(new Version(9, 0, 0), "virConnectGetLibVersion"),
            Uses = owner is null ? [named] : [named, named with { Domain = owner, IsRunning = true }],
        };

        var report = PassthroughHost.At(host.Root).Capture(new() { DetailsOf = [device] }).CheckDevices([device], libvirt: libvirt);

        Assert.Equal(isSaid, report.Any(finding => finding is { Id: FindingIds.XenDeviceNotReturned, Severity: FindingSeverity.Warning } && finding.Title.Contains("pv, whose definition", StringComparison.Ordinal)));
    }

    private static ReadinessReport Check(Machine machine, LibvirtFacts? libvirt)
    {
        using var host = machine.Build();
        return PassthroughHost.At(host.Root).Capture().CheckDevices([], libvirt: libvirt);
    }
}
