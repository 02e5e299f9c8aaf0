using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Tests.Sysfs;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>Facts about Xen: what it answers itself, what its log keeps, and what pciback lists. The texts are those of Xen 4.17 and Linux 6.1.</summary>
public sealed class XenFactsTests
{
    private const string Log = "/var/log/xen/console/hypervisor.log";
    private const string Answer = "xen_commandline        : console=com1 dom0_mem=2730M iommu=verbose\nvirt_caps              : pv pv_directio iommu_hap_pt_share\n";

    private static MemorySysfs Dom0 => new MemorySysfs().Add("/sys/hypervisor/type", "xen\n").Add("/sys/hypervisor/properties/features", "000228f0\n");

    [Fact]
    public void Xens_own_answers_come_first()
    {
        var files = new AnsweringXen(Dom0.Add(Log, "(XEN) Command line: of-the-log\n(XEN) I/O virtualisation disabled\n"), 0, Answer);

        var xen = HostSystemReader.Read(files).Environment.Xen;

        Assert.Equal(["pv", "pv_directio", "iommu_hap_pt_share"], xen.VirtCaps.Value);
        Assert.Equal("verbose", xen.CommandLine.Value!.Last("iommu")?.Value);
        Assert.True(xen.DrivesIommu is { IsKnown: true, Value: true, Source: "/dev/xen/privcmd" });
        Assert.Equal(Answer, files.Kept);
    }

    [Fact]
    public void What_Xen_does_not_answer_comes_from_its_log()
    {
        var log = "(XEN) Command line: old iommu=0\n(XEN) I/O virtualisation disabled\n(XEN) Command line: console=com1 iommu=1\n(XEN) I/O virtualisation enabled\n";

        var xen = HostSystemReader.Read(new AnsweringXen(Dom0.Add(Log, log), 13, "")).Environment.Xen;

        Assert.True(xen.VirtCaps.IsUnknown);
        Assert.Equal("1", xen.CommandLine.Value!.Last("iommu")?.Value);
        Assert.True(xen.DrivesIommu is { IsKnown: true, Value: true, Source: Log });
    }

    [Fact]
    public void A_newer_Xen_is_asked_for_its_command_line_and_its_capabilities_are_unknown()
    {
        var xen = HostSystemReader.Read(new AnsweringXen(Dom0, 0, "xen_commandline : iommu=off\n")).Environment.Xen;

        Assert.Equal("off", xen.CommandLine.Value!.Last("iommu")?.Value);
        Assert.True(xen.VirtCaps.IsUnknown);
        Assert.Contains("xl info", xen.VirtCaps.Reason, StringComparison.Ordinal);
        Assert.False(xen.DrivesIommu.IsKnown);
    }

    [Fact]
    public void Nothing_in_dom0s_files_shows_them()
    {
        var xen = HostSystemReader.Read(Dom0).Environment.Xen;

        Assert.True(xen.VirtCaps.IsUnknown);
        Assert.True(xen.CommandLine.IsUnknown);
        Assert.False(xen.DrivesIommu.IsKnown);
    }

    [Fact]
    public void A_captured_host_keeps_the_answers()
    {
        var xen = HostSystemReader.Read(Dom0.Add(XenReader.CapturedPath, Answer)).Environment.Xen;

        Assert.Equal(("console=com1 dom0_mem=2730M iommu=verbose", true), (xen.CommandLine.Value!.Text, xen.DrivesIommu.Value));
    }

    [Fact]
    public void Xen_is_not_asked_where_this_is_not_dom0()
    {
        var files = new AnsweringXen(new MemorySysfs().Add("/sys/hypervisor/type", "xen\n").Add("/sys/hypervisor/properties/features", "00000000\n"), 0, Answer);

        var xen = HostSystemReader.Read(files).Environment.Xen;

        Assert.True(xen.VirtCaps.IsAbsent && xen.CommandLine.IsAbsent && xen.Pciback.Slots.IsAbsent);
        Assert.False(files.IsAsked);
    }

    [Fact]
    public void Pcibacks_lists_are_read_as_the_kernel_writes_them()
    {
        var pciback = HostSystemReader.Read(Dom0
            .Add("/sys/bus/pci/drivers/pciback/slots", "0000:01:00.0\n10000:02:1f.7\n")
            .Add("/sys/bus/pci/drivers/pciback/permissive", "0000:01:00.0\n")
            .Add("/sys/bus/pci/drivers/pciback/quirks", "01:00.0\n\t8086:10d3:8086:0000\n\t\t00000000:2:00000000\n\t\t000000e0:2:00000000\n02:00.0\n\t1b36:0010:1af4:1100\n")
            .Add("/sys/module/xen_pciback/parameters/hide", "(null)\n")
            .Add("/sys/module/xen_pciback/parameters/permissive", "N\n")).Environment.Xen.Pciback;

        Assert.Equal([PciAddress.Parse("0000:01:00.0"), PciAddress.Parse("10000:02:1f.7")], pciback.Slots.Value);
        Assert.Equal([PciAddress.Parse("0000:01:00.0")], pciback.Permissive.Value);
        Assert.True(pciback.IsPermissiveForAll is { IsKnown: true, Value: false });
        Assert.True(pciback.Hide.IsAbsent);
        Assert.Equal([new("01:00.0", ["00000000:2:00000000", "000000e0:2:00000000"]), new PcibackQuirk("02:00.0", [])], pciback.Quirks.Value);
    }

    [Fact]
    public void Without_the_driver_its_lists_are_absent_and_without_the_right_they_are_unknown()
    {
        Assert.True(HostSystemReader.Read(Dom0).Environment.Xen.Pciback.Slots.IsAbsent);
        Assert.True(HostSystemReader.Read(Dom0.Deny("/sys/bus/pci/drivers/pciback/slots")).Environment.Xen.Pciback.Slots.IsUnknown);
    }

    private sealed class AnsweringXen(ISysfs inner, int errno, string answer) : DelegatingSysfs(inner), ISysfs
    {
        public bool IsAsked { get; private set; }

        public string? Kept { get; private set; }

        int ISysfs.TryAskXen(out string text)
        {
            (IsAsked, text) = (true, answer);
            return errno;
        }

        void ISysfs.Keep(string path, string text) => Kept = path == XenReader.CapturedPath ? text : Kept;
    }
}
