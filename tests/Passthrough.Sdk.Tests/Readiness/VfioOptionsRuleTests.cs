using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Options of VFIO's modules that modprobe or the kernel does not take.</summary>
public sealed class VfioOptionsRuleTests
{
    private static readonly Machine NotLoaded = Machine.Intel with { Modules = [], Node = true };

    [Theory]
    [InlineData("vfio-pci", "disable_idle_d3")]
    [InlineData("vfio_iommu_type1", "allow_unsafe_interrupts")]
    public void A_flag_that_is_neither_yes_nor_no_keeps_the_module_out(string module, string flag)
    {
        var finding = Assert.Single(Find(NotLoaded, $"options {module} {flag}=perhaps"));
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains($"sets {flag}=perhaps for {module}, which is neither yes nor no", finding.Title, StringComparison.Ordinal);
        Assert.StartsWith($"write {flag}=1 or {flag}=0 in /etc/modprobe.d/x.conf", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_a_warning_while_the_module_is_loaded() =>
        Assert.Equal(FindingSeverity.Warning, Assert.Single(Find(Machine.Intel, "options vfio-pci disable_idle_d3=perhaps")).Severity);

    [Fact]
    public void An_option_that_is_nearly_right_is_named()
    {
        var finding = Assert.Single(Find(Machine.Intel, "options vfio-pci disable_vgaa=1"));
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains("sets the option disable_vgaa for vfio-pci, which the module does not know", finding.Title, StringComparison.Ordinal);
        Assert.StartsWith("write disable_vga in /etc/modprobe.d/x.conf", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vfio-pci")]
    [InlineData("vfio_iommu_type1")]
    public void An_option_like_none_is_to_be_removed(string module) =>
        Assert.Equal($"remove it from /etc/modprobe.d/x.conf; modinfo {module} lists the valid options", Assert.Single(Find(Machine.Intel, $"options {module} colour=1")).Remedy);

    [Theory]
    [InlineData("options vfio-pci ids=8086:10d3 disable_vga=1 disable_idle_d3 nointxmask=0 enable_sriov=Y")]
    [InlineData("options vfio_iommu_type1 allow_unsafe_interrupts=n dma_entry_limit=65535")]
    [InlineData("options snd_hda_intel colour=1")]
    [InlineData("blacklist nouveau")]
    [InlineData("opsions snd_hda_intel power_save=1")] // of a module that is not VFIO's
    public void What_the_modules_know_is_no_finding(string line) => Assert.Empty(Find(Machine.Intel, line));

    [Theory]
    [InlineData("opsions vfio-pci ids=8086:10d3")]
    [InlineData("opsions vfio_iommu_type1 allow_unsafe_interrupts=1")]
    [InlineData("blacklists\tvfio-pci")]
    public void A_line_that_begins_with_an_unknown_word_is_named(string line)
    {
        var finding = Assert.Single(Find(Machine.Intel, line));
        Assert.Contains($"begins with '{line.Split(' ', '\t')[0]}', which modprobe does not know", finding.Title, StringComparison.Ordinal);
    }

    private static List<Finding> Find(Machine machine, string line)
    {
        using var host = machine.With("/etc/modprobe.d/x.conf", line + "\n").Build();
        return [.. PassthroughHost.At(host.Root).Capture().CheckReadiness().SelectMany(finding => finding.Consequences.Prepend(finding)).Where(finding => finding.Id == FindingIds.VfioOptionsMalformed)];
    }
}
