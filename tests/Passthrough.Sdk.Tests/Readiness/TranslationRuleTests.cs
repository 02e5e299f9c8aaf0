using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>What the findings of address translation and of interrupt remapping say of this host: the cause, the evidence, the way out.</summary>
public sealed class TranslationRuleTests
{
    private const string NotRemapped = "PCI-MSI 0-edge";

    // One flag for all of them, so the last one on the line counts (drivers/iommu/irq_remapping.c, arch/x86).
    [Theory]
    [InlineData("intremap=off", "intremap=off")]
    [InlineData("nointremap", "nointremap")]
    [InlineData("intremap=on,off", "intremap=on,off")]
    [InlineData("intremap=on nointremap", "nointremap")]
    [InlineData("nointremap intremap=no_x2apic_optout", "nointremap")]
    [InlineData("intremap=off noapic", "noapic")]
    [InlineData("nolapic", "nolapic")]
    public void A_parameter_that_switches_remapping_off_is_the_cause(string parameters, string cause)
    {
        var finding = Find(Machine.Intel with { Interrupts = NotRemapped, CommandLine = $"intel_iommu=on {parameters}" }, FindingIds.InterruptRemappingMissing);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.StartsWith($"interrupts are not remapped ({cause}), so VFIO refuses every device", finding.Title, StringComparison.Ordinal);
        Assert.Contains($"remove {cause}", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Source == "/proc/cmdline" && evidence.Value == cause);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nointremap intremap=on")]
    [InlineData("intremap=off,on")]
    [InlineData("intremap=nosid")]
    public void Without_one_the_firmware_is_the_way_out(string parameters)
    {
        var finding = Find(Machine.Intel with { Interrupts = NotRemapped, CommandLine = $"intel_iommu=on {parameters}" }, FindingIds.InterruptRemappingMissing);
        Assert.StartsWith("interrupts are not remapped, so VFIO refuses every device", finding.Title, StringComparison.Ordinal);
        Assert.StartsWith("enable interrupt remapping (x2APIC, VT-d, IOMMU) in the firmware's set-up", finding.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Evidence, evidence => evidence.Source == "/proc/cmdline");
    }

    [Fact]
    public void Where_unsafe_interrupts_are_allowed_the_parameter_is_named_too()
    {
        const string Allowed = "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts";
        var finding = Find((Machine.Intel with { Interrupts = NotRemapped, CommandLine = "intel_iommu=on intremap=off" }).With(Allowed, "Y\n"), FindingIds.InterruptRemappingUnsafeAllowed);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains("remove intremap=off", finding.Remedy, StringComparison.Ordinal);
        Assert.EndsWith("and remove allow_unsafe_interrupts", finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Source == "/proc/cmdline");
        Assert.Contains(finding.Evidence, evidence => evidence.Source == Allowed);
    }

    // Without the list of interrupts, nothing shows whether they are remapped.
    [Theory]
    [InlineData("N\n", FindingSeverity.Error)]
    [InlineData("Y\n", FindingSeverity.Warning)]
    public void What_could_not_be_seen_would_be_an_error_unless_it_is_allowed(string allowed, FindingSeverity possible)
    {
        var finding = Find(
            Machine.Intel.Without("/proc/interrupts").With("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", allowed),
            FindingIds.InterruptRemappingMissing);
        Assert.True(finding.IsUndetermined);
        Assert.Equal((FindingSeverity.Info, possible), (finding.Severity, finding.PossibleSeverity));
    }

    [Fact]
    public void A_parameter_is_enough_where_it_could_not_be_seen() =>
        Assert.Equal(
            FindingSeverity.Error,
            Find((Machine.Intel with { CommandLine = "intel_iommu=on intremap=off" }).Without("/proc/interrupts"), FindingIds.InterruptRemappingMissing).Severity);

    [Fact]
    public void A_kernel_that_leaves_the_IOMMU_off_is_named_with_its_option()
    {
        var finding = Find(Machine.Intel.Off(), FindingIds.IommuNotEnabledByKernel);
        Assert.Equal("the machine has an Intel IOMMU, but this kernel leaves it off unless a parameter says otherwise", finding.Title);
        Assert.Contains(finding.Evidence, evidence => evidence is { Source: $"/boot/config-{Machine.Release}", Value: "CONFIG_INTEL_IOMMU_DEFAULT_ON is not set" });
        Assert.Contains(finding.Evidence, evidence => evidence is { Source: "/proc/cmdline", Value: "root=/dev/sda1" });
    }

    [Fact]
    public void A_kernel_whose_default_is_unknown_is_only_apparently_the_cause()
    {
        var finding = Find(Machine.Intel.Off() with { Config = null }, FindingIds.IommuNotEnabledByKernel);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Equal("the machine has an Intel IOMMU, but no parameter and apparently no kernel default switches it on", finding.Title);
        Assert.DoesNotContain(finding.Evidence, evidence => evidence.Value?.EndsWith("is not set", StringComparison.Ordinal) == true);
    }

    private static Finding Find(Machine machine, string id)
    {
        using var host = machine.Build();
        return Assert.Single(PassthroughHost.At(host.Root).Capture().CheckReadiness().SelectMany(finding => finding.Consequences.Prepend(finding)), finding => finding.Id == id);
    }
}
