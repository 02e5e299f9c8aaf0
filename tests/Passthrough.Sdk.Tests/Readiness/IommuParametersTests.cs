using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Whose IOMMU a host has, which parameters switch it, and what they say.</summary>
public sealed class IommuParametersTests
{
    [Theory]
    [InlineData("GenuineIntel", "DMAR", IommuParameters.Intel, "DMAR")]
    [InlineData("GenuineIntel", "IVRS", IommuParameters.Amd, "IVRS")]
    [InlineData("AuthenticAMD", "IVRS", IommuParameters.Amd, "IVRS")]
    [InlineData("AuthenticAMD", "", IommuParameters.Amd, "AuthenticAMD")]
    [InlineData("HygonGenuine", "DMAR IVRS", IommuParameters.Amd, "HygonGenuine")]
    [InlineData("GenuineIntel", "DMAR IVRS", IommuParameters.Intel, "GenuineIntel")]
    [InlineData("CentaurHauls", "", null, "CentaurHauls")]
    public void The_firmwares_table_says_whose_IOMMU_it_is_and_the_processor_where_it_does_not(string cpu, string tables, string? vendor, string evidence)
    {
        var system = System(cpu, tables);
        Assert.Equal((vendor, evidence), (IommuParameters.VendorOf(system), IommuParameters.VendorEvidence(system).Value));
    }

    [Theory]
    [InlineData("GenuineIntel", "DMAR", "intel_iommu iommu")]
    [InlineData("GenuineIntel", "DMAR VIOT", "intel_iommu iommu")]
    [InlineData("AuthenticAMD", "IVRS VIOT", "amd_iommu iommu")]
    [InlineData("GenuineIntel", "DMAR IVRS", "intel_iommu amd_iommu iommu")]
    [InlineData("GenuineIntel", "", "intel_iommu iommu")]
    [InlineData("CentaurHauls", "", "intel_iommu amd_iommu iommu")]
    [InlineData("GenuineIntel", "VIOT", "")]
    [InlineData(null, "IORT", "")]
    public void No_parameter_switches_an_IOMMU_of_another_kind(string? cpu, string tables, string names) =>
        Assert.Equal(names, string.Join(' ', IommuParameters.SwitchesFor(System(cpu, tables))));

    [Theory]
    [InlineData("intel_iommu", "intel_iommu=on,sm_on", true)]
    [InlineData("intel_iommu", "intel_iommu=off", false)]
    [InlineData("intel_iommu", "intel_iommu=off intel_iommu=on", true)]
    [InlineData("intel_iommu", "intel_iommu=force", null)]
    [InlineData("intel_iommu", "intel_iommu=strict", null)]
    [InlineData("amd_iommu", "amd_iommu=force_enable", true)]
    [InlineData("amd_iommu", "amd_iommu=force_isolation", null)]
    [InlineData("amd_iommu", "amd_iommu=fullflush", null)]
    [InlineData("amd_iommu", "amd_iommu=off,on", false)]
    [InlineData("iommu", "iommu=force", true)]
    [InlineData("iommu", "iommu=pt", null)]
    [InlineData("iommu", "", null)]
    public void Only_words_that_switch_are_a_switch(string name, string commandLine, bool? isOn) =>
        Assert.Equal(isOn, IommuParameters.SwitchOf(KernelCommandLine.Parse(commandLine), name)?.IsOn);

    [Theory]
    [InlineData("acpi=off", true)]
    [InlineData("acpi=off acpi=noirq", true)]
    [InlineData("acpi=off acpi=force", false)]
    [InlineData("acpi=force acpi=off", true)]
    [InlineData("acpi=noirq", false)]
    public void The_last_word_that_says_so_switches_ACPI(string commandLine, bool isOff) =>
        Assert.Equal(isOff, IommuParameters.AcpiOffBy(KernelCommandLine.Parse(commandLine)) is not null);

    private static HostSystem System(string? cpu, string tables)
    {
        using var host = (Machine.Intel with { Cpu = cpu, Table = null, Tables = [.. tables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(table => (table, new byte[] { 0 }))] }).Build();
        return PassthroughHost.At(host.Root).Capture().System;
    }
}
