using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>The same sentence on different hosts has different causes: the facts decide.</summary>
public sealed class SameSentenceTests
{
    private const string Cannot = "error: Failed to start domain 'vm1'\nerror: unsupported configuration: host doesn't support passthrough of host PCI devices";

    public static TheoryData<string, string> HostsAndCauses { get; } = new()
    {
        { nameof(Hosts.WithoutTable), FindingIds.IommuFirmwareTableMissing },
        { nameof(Hosts.SwitchedOff), FindingIds.IommuDisabledByKernelParameter },
        { nameof(Hosts.NotSwitchedOn), FindingIds.IommuNotEnabledByKernel },
        { nameof(Hosts.RebootOwed), FindingIds.IommuRebootPending },
        { nameof(Hosts.WithoutModule), FindingIds.VfioModuleNotLoaded },
        { nameof(Hosts.Blacklisted), FindingIds.VfioModuleBlacklisted },
    };

    [Theory]
    [MemberData(nameof(HostsAndCauses))]
    public void One_sentence_has_the_cause_of_its_host(string host, string cause)
    {
        using var fake = Make(host);
        var explanation = Explain(fake, Cannot);
        Assert.Equal(cause, explanation.Cause!.Id);
        Assert.False(explanation.Cause.IsUndetermined);
        Assert.Equal(FindingSeverity.Error, explanation.Cause.Severity);
        Assert.Contains(explanation.Cause.Evidence, evidence => evidence.Value.Contains("host doesn't support", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(HostsAndCauses))]
    public void A_translated_text_with_libvirts_number_has_the_same_cause(string host, string cause)
    {
        using var fake = Make(host);
        var error = new PassthroughError { Text = "Nicht unterstützte Konfiguration: Host unterstützt keine Durchreichung", Code = LibvirtErrorCode.ConfigUnsupported, Domain = LibvirtErrorDomain.Qemu };
        Assert.Equal(cause, PassthroughHost.At(fake.Root).Capture().Explain(error).Cause!.Id);
    }

    [Theory]
    [MemberData(nameof(HostsAndCauses))]
    public void An_error_of_libvirt_is_explained_as_its_text_is(string host, string cause)
    {
        using var fake = Make(host);
        var error = new LibvirtException("cannot start", LibvirtErrorCode.ConfigUnsupported, LibvirtErrorDomain.Qemu, "unsupported configuration: host doesn't support passthrough of host PCI devices");
        Assert.Equal(cause, PassthroughHost.At(fake.Root).Capture().Explain(error).Cause!.Id);
    }

    [Fact]
    public void On_a_host_that_lacks_nothing_any_more_the_explanation_says_so()
    {
        using var fake = Hosts.Healthy();
        var cause = Explain(fake, Cannot).Cause!;
        Assert.Equal(FindingIds.LibvirtNoVfioBackend, cause.Id);
        Assert.True(cause.IsUndetermined);
    }

    [Theory]
    [InlineData(nameof(Hosts.WithoutRemapping), FindingIds.InterruptRemappingMissing)]
    [InlineData(nameof(Hosts.WithReservedMemory), FindingIds.DeviceReservedMemory)]
    public void What_the_IOMMU_refuses_has_one_of_two_causes(string host, string cause)
    {
        using var fake = Make(host);
        Assert.Equal(cause, Explain(fake, "vfio 0000:01:00.0: failed to setup container for group 9: Failed to set iommu for container: Operation not permitted").Cause!.Id);
    }

    [Fact]
    public void Where_the_facts_do_not_decide_all_that_is_left_is_listed_with_what_would_tell()
    {
        // Nothing but the devices was read: every fact about the host is unknown.
        using var fake = Hosts.Healthy();
        var snapshot = PassthroughHost.At(fake.Root).Capture(Passthrough.Sdk.Host.CaptureOptions.DevicesOnly);
        var explanation = snapshot.Explain("Failed to set iommu for container: Operation not permitted");
        Assert.Equal([FindingIds.InterruptRemappingMissing, FindingIds.DeviceReservedMemory], explanation.Findings.Select(finding => finding.Id));
        Assert.All(explanation.Findings, finding =>
        {
            Assert.True(finding.IsUndetermined);
            Assert.NotEmpty(finding.Evidence);
            Assert.Contains("To confirm it, check:", finding.Remedy, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_fault_that_was_mended_since_is_named_and_not_shown_as_a_fact()
    {
        using var fake = Hosts.Healthy();
        var cause = Explain(fake, "vfio 0000:01:00.0: group 9 is not viable").Cause!;
        Assert.Equal(FindingIds.GroupNotViable, cause.Id);
        Assert.True(cause.IsUndetermined);
        Assert.Contains("no longer", cause.Title, StringComparison.Ordinal);
    }

    /// <summary>The doctor, the explanation and the boot plan mean the same by what is in the way.</summary>
    [Theory]
    [InlineData("install vfio /bin/false", "", "vfio")]
    [InlineData("install vfio_iommu_type1 /bin/true", "", "vfio_iommu_type1")]
    [InlineData("blacklist vfio-pci", "", "vfio_pci")]
    [InlineData("# nothing", "module_blacklist=vfio_pci_core", "vfio_pci_core")]
    [InlineData("# nothing", "module_blacklist=vfio_iommu_type1", "vfio_iommu_type1")]
    [InlineData("blacklist vfio_iommu_type1", "", null)]
    [InlineData("blacklist vfio", "", null)]
    [InlineData("install vfio /sbin/modprobe --ignore-install vfio", "", null)]
    public void What_keeps_VFIO_from_being_loaded_is_the_same_for_all_who_ask(string line, string parameter, string? module)
    {
        using var fake = Hosts.WithModuleLine(line, parameter);
        var snapshot = PassthroughHost.At(fake.Root).Capture();
        var found = Assert.Single(snapshot.CheckReadiness(), finding => finding.Severity == FindingSeverity.Error);
        var cause = snapshot.Explain("failed to load PCI driver module vfio-pci: administratively prohibited").Cause!;
        var id = module is null ? FindingIds.VfioModuleNotLoaded : FindingIds.VfioModuleBlacklisted;

        Assert.Equal(id, found.Id);
        Assert.Equal(module is null, cause.IsUndetermined);
        Assert.Equal(module is null ? [] : [module], BootRecommendation.For(snapshot.System).AllowModules);
    }

    [Fact]
    public void What_the_driver_needs_later_is_in_the_way_though_the_driver_is_there()
    {
        using var fake = Hosts.WithModuleLine("install vfio_iommu_type1 /bin/false").WriteFile("/proc/modules", "vfio_pci 16384 0 - Live 0x0\nvfio 45056 1 vfio_pci, Live 0x0\n");
        var cause = PassthroughHost.At(fake.Root).Capture().Explain("failed to load PCI driver module vfio-pci: administratively prohibited").Cause!;
        Assert.Equal((FindingIds.VfioModuleBlacklisted, false), (cause.Id, cause.IsUndetermined));
    }

    private static Explanation Explain(FakeHost fake, string text) => PassthroughHost.At(fake.Root).Capture().Explain(text);

    private static FakeHost Make(string host) => host switch
    {
        nameof(Hosts.WithoutTable) => Hosts.WithoutTable(),
        nameof(Hosts.SwitchedOff) => Hosts.SwitchedOff(),
        nameof(Hosts.NotSwitchedOn) => Hosts.NotSwitchedOn(),
        nameof(Hosts.RebootOwed) => Hosts.RebootOwed(),
        nameof(Hosts.WithoutModule) => Hosts.WithoutModule(),
        nameof(Hosts.Blacklisted) => Hosts.Blacklisted(),
        nameof(Hosts.WithoutRemapping) => Hosts.WithoutRemapping(),
        nameof(Hosts.WithReservedMemory) => Hosts.WithReservedMemory(),
        _ => throw new ArgumentOutOfRangeException(nameof(host), host, "no such host"),
    };
}
