using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Parameters that the kernel ignores as they are written, and what is meant instead.</summary>
public sealed class KernelParameterMistakeTests
{
    [Theory]
    [InlineData("modprobe. blacklist=nouveau", "modprobe.", "modprobe.blacklist=nouveau")]
    [InlineData("intel_iommu =on", "intel_iommu", "intel_iommu=on")]
    [InlineData("intel_iommu= on", "intel_iommu=", "intel_iommu=on")]
    [InlineData("intel_iommu= off", "intel_iommu=", "intel_iommu=off")]
    [InlineData("vfio-pci.ids= 10de:1b80", "vfio-pci.ids=", "vfio-pci.ids=10de:1b80")]
    [InlineData("noapik", "noapik", "noapic")]
    [InlineData("nointremaps", "nointremaps", "nointremap")]
    [InlineData("modprobe.blacklst=nouveau", "modprobe.blacklst=nouveau", "modprobe.blacklist=nouveau")]
    [InlineData("'nointremap'", "'nointremap'", "nointremap")]
    [InlineData("'intel_iommu=on'", "'intel_iommu=on'", "intel_iommu=on")]
    [InlineData("intel_iommu='on'", "intel_iommu='on'", "intel_iommu=on")]
    [InlineData("\"intel_iommu=on iommu=pt\"", "intel_iommu=\"on iommu=pt\"", "intel_iommu=on iommu=pt")]
    [InlineData("module_blacklist=snd-hda-intel", "module_blacklist=snd-hda-intel", "module_blacklist=snd_hda_intel")]
    [InlineData("modprobe.blacklist=snd-hda-intel", "modprobe.blacklist=snd-hda-intel", "modprobe.blacklist=snd_hda_intel")]
    [InlineData("module_blacklist=nouveau module_blacklist=radeon", "module_blacklist=nouveau", "module_blacklist=nouveau,radeon")]
    [InlineData("quiet -- nointremap", "nointremap", "nointremap before --")]
    public void The_parameter_is_named_and_what_is_meant_is_written_out(string commandLine, string written, string meant)
    {
        var finding = Assert.Single(Check(commandLine));
        Assert.StartsWith($"the kernel parameter {written} does not have the intended effect", finding.Title, StringComparison.Ordinal);
        Assert.StartsWith($"write {meant} instead: ", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal(commandLine, Assert.Single(finding.Evidence).Value);
    }

    [Theory]
    [InlineData("no apic")] // two words without a dot between them
    [InlineData("nointremap quiet")]
    [InlineData("intel_iommu=on 10de:1b80")]
    [InlineData("intel_iommu= quiet")]
    [InlineData("intel_iommu= on=1")]
    [InlineData("acpx=off")] // too short to be called a slip
    [InlineData("module_blacklist=nouveau, module_blacklist=nouveau")]
    [InlineData("module_blacklist=nouveau module_blacklist=nouveau,radeon")]
    [InlineData("quiet -- modprobe.blacklist=nouveau")] // modprobe reads the whole line
    [InlineData("quiet -- quiet")]
    public void What_has_its_effect_and_what_may_be_meant_otherwise_is_not_named(string commandLine) => Assert.Empty(Check(commandLine));

    private static List<Finding> Check(string commandLine)
    {
        using var host = (Machine.Intel with { CommandLine = commandLine }).Build();
        return [.. PassthroughHost.At(host.Root).Capture().CheckReadiness()
            .SelectMany(finding => finding.Consequences.Prepend(finding)).Where(finding => finding.Id == FindingIds.KernelParameterWithoutEffect)];
    }
}
