using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Messages within messages, in logs, in other words and other languages.</summary>
public sealed class ChainTests : IDisposable
{
    private const string Closed = "error: Failed to start domain 'vm1'\nerror: internal error: qemu unexpectedly closed the monitor";
    private readonly FakeHost _host = Hosts.Healthy();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("internal error: qemu unexpectedly closed the monitor: 2026-11-24T10:09:32.123456Z qemu-system-x86_64: -device vfio-pci,host=0000:04:01.0,id=hostdev0,bus=pci.4,addr=0x1: vfio 0000:04:01.0: group 11 is not viable")]
    [InlineData("internal error: QEMU unexpectedly closed the monitor (vm='vm1'): 2026-11-24T10:09:32.123456Z qemu-system-x86_64: -device {\"driver\":\"vfio-pci\",\"host\":\"0000:04:01.0\",\"id\":\"hostdev0\"}: vfio 0000:04:01.0: group 11 is not viable")]
    [InlineData("internal error: process exited while connecting to monitor: qemu-system-x86_64: -device vfio-pci,host=04:01.0: vfio 0000:04:01.0: group 11 is not viable")]
    [InlineData("internal error: unable to execute QEMU command 'device_add': vfio 0000:04:01.0: group 11 is not viable")]
    [InlineData("error: Failed to start domain 'vm1'\r\nerror: internal error: qemu unexpectedly closed the monitor:\r\n2026-11-24T10:09:32Z qemu-system-x86_64: vfio 0000:04:01.0: group 11 is not viable\r\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.\r\n")]
    [InlineData("passthrough: step 2 failed: internal error: unable to execute QEMU command ‘device_add’: vfio 0000:04:01.0: group 11 is not viable; everything before it was taken back")]
    public void A_container_is_opened_to_the_message_within(string text)
    {
        var explanation = Explain(text);
        Assert.Equal(FindingIds.GroupNotViable, explanation.Cause!.Id);
        Assert.Contains("0000:04:02.0 (e1000)", explanation.Cause.Title, StringComparison.Ordinal);
        Assert.Equal(["0000:04:01.0"], explanation.Devices.Select(device => device.ToString()));
        Assert.StartsWith("vfio 0000:04:01.0: group 11", explanation.Message![explanation.Message!.IndexOf("vfio", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_error_of_a_chain_counts_and_not_the_last()
    {
        using var host = Hosts.WithoutModule();
        var explanation = PassthroughHost.At(host.Root).Capture().Explain(
            "error: unsupported configuration: host doesn't support VFIO PCI passthrough\nerror: unsupported configuration: pci backend driver type 'default' is not supported\nerror: Domain not found: no domain with matching name 'vm1'");
        Assert.Equal(FindingIds.VfioModuleNotLoaded, explanation.Cause!.Id);
    }

    [Fact]
    public void An_empty_container_is_filled_from_the_last_start_in_the_domains_log()
    {
        var log = Hosts.Log("2026-11-24T10:00:01.000000Z qemu-system-x86_64: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: failed to open /dev/vfio/9: Device or resource busy", "2026-11-24 10:00:02.000+0000: shutting down, reason=failed");
        var explanation = Explain(Closed, new() { DomainLog = log });
        Assert.Equal(FindingIds.GroupBusy, explanation.Cause!.Id);
        Assert.Contains("group 9", explanation.Cause.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("error: Unable to read from monitor: Connection reset by peer")]
    [InlineData("error: internal error: process exited while connecting to monitor")]
    [InlineData("error: internal error: qemu unexpectedly closed the monitor")]
    [InlineData("error: internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: something that is known nowhere")]
    [InlineData("error: cannot get locked memory limit of process 283: No such file or directory")]
    public void Where_nothing_else_explains_it_the_emulator_died(string text)
    {
        var explanation = Explain(text, new() { DomainLog = Hosts.Log("2026-11-24 10:00:02.000+0000: shutting down, reason=failed") });
        Assert.Equal(FindingIds.DomainEmulatorDied, explanation.Cause!.Id);
    }

    [Fact]
    public void The_last_words_of_an_emulator_that_died_are_evidence()
    {
        var explanation = Explain(Closed, new() { DomainLog = Hosts.Log("qemu-system-x86_64: something that is known nowhere"), DomainLogSource = "/var/log/libvirt/qemu/vm1.log" });
        Assert.Contains(explanation.Cause!.Evidence, evidence => evidence == new Evidence("/var/log/libvirt/qemu/vm1.log", "something that is known nowhere"));
    }

    [Theory]
    [InlineData("qemu-system-x86_64: terminating on signal 15 from pid 4711 (/usr/sbin/libvirtd)", "signal 15 of process 4711")]
    [InlineData("2026-11-24 10:00:02.000+0000: shutting down, reason=crashed", "crashed")]
    public void How_an_emulator_ended_is_said_where_its_log_says_it(string line, string title) =>
        Assert.Contains(title, Explain(Closed, new() { DomainLog = Hosts.Log(line) }).Cause!.Title, StringComparison.Ordinal);

    [Fact]
    public void A_hard_limit_below_the_guests_memory_stands_in_the_definition()
    {
        const string Xml = "<domain type='qemu'><name>vm1</name><memory unit='MiB'>64</memory><memtune><hard_limit unit='MiB'>48</hard_limit></memtune></domain>";
        var explanation = Explain(Closed, new() { DomainXml = Xml, DomainLog = Hosts.Log() });
        Assert.Equal(FindingIds.MemoryLockLimit, explanation.Cause!.Id);
    }

    [Fact]
    public void A_log_of_libxl_says_what_libvirt_does_not()
    {
        var explanation = Explain(
            "error: internal error: libxenlight failed to create new domain 'pv'",
            new() { DomainLog = "2026-11-20 10:00:00.000+0000: libxl: libxl_pci.c:1:x: Domain 1:PCI device 0:2:0.0 is not assignable\n2026-11-24 10:00:00.000+0000: libxl: libxl_create.c:1160:libxl__domain_config_setdefault: passthrough not supported on this platform\n" });
        Assert.Equal(FindingIds.XenNoDirectIo, explanation.Cause!.Id);
    }

    [Theory]
    [InlineData(LibvirtErrorCode.NoDomain, FindingIds.DomainNotFound)]
    [InlineData(LibvirtErrorCode.AuthUnavailable, FindingIds.LibvirtNoPermission)]
    [InlineData(LibvirtErrorCode.NoNodeDevice, FindingIds.DeviceNotFound)]
    [InlineData(LibvirtErrorCode.XmlError, FindingIds.DomainConfigInvalid)]
    [InlineData(LibvirtErrorCode.HookScriptFailed, FindingIds.LibvirtHookFailed)]
    [InlineData(LibvirtErrorCode.DeviceMissing, FindingIds.DomainDeviceNotFound)]
    public void Where_the_number_suffices_the_language_does_not_matter(LibvirtErrorCode code, string cause) =>
        Assert.Equal(cause, Explain(new PassthroughError { Text = "ドメインが見つかりません: 0000:09:00.0", Code = code }).Cause!.Id);

    [Theory]
    [InlineData("Failed to set iommu for container: Vorgang nicht zulässig", 1, FindingIds.InterruptRemappingMissing)]
    [InlineData("VFIO_MAP_DMA failed: Nicht genügend Hauptspeicher verfügbar", 12, FindingIds.MemoryLockLimit)]
    [InlineData("Failed to connect socket to '/run/libvirt/libvirt-sock': Keine Berechtigung", 13, FindingIds.LibvirtNoPermission)]
    public void A_translated_reason_is_known_by_its_number(string text, int errno, string cause)
    {
        using var host = Hosts.WithoutRemapping();
        Assert.Equal(cause, PassthroughHost.At(host.Root).Capture().Explain(new PassthroughError { Text = text, Errno = errno }).Cause!.Id);
    }

    [Fact]
    public void A_format_that_was_never_filled_is_recognised_and_names_nothing()
    {
        var cause = Explain("Requested operation is not valid: PCI device %1$s is in use by driver %2$s, domain %3$s").Cause!;
        Assert.Equal(FindingIds.DeviceInUseByDomain, cause.Id);
        Assert.DoesNotContain('%', cause.Title);
    }

    [Fact]
    public void A_group_that_only_has_a_number_is_looked_up_in_the_host()
    {
        // The physical function's virtual ones are there: nothing binds it, and so there is no node of its group.
        var cause = Explain("error: Path '/dev/vfio/10' is not accessible: No such file or directory").Cause!;
        Assert.Equal(FindingIds.DeviceHasActiveVirtualFunctions, cause.Id);
        Assert.Contains("0000:05:00.0", cause.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_text_says_hangs_under_what_the_facts_show()
    {
        using var host = Hosts.Blacklisted();
        var cause = PassthroughHost.At(host.Root).Capture().Explain("Failed to bind PCI device '0000:01:00.0' to vfio-pci: No such device").Cause!;
        Assert.Equal(FindingIds.VfioModuleBlacklisted, cause.Id);
        Assert.Contains(cause.Consequences, below => below.Id == FindingIds.DeviceDriverBindFailed);
    }

    [Fact]
    public void The_guests_own_address_is_no_device_of_the_host()
    {
        var explanation = Explain("operation failed: cannot hot unplug hostdev device with multifunction PCI guest address: 0000:01:00.0");
        Assert.Empty(explanation.Devices);
        Assert.Equal(FindingIds.DomainConfigInvalid, explanation.Cause!.Id);
    }

    [Fact]
    public void An_exception_is_explained_by_libvirts_error_inside_it()
    {
        var libvirt = new LibvirtException("cannot start: way out", LibvirtErrorCode.NoDomain, LibvirtErrorDomain.Qemu, "Domain not found: no domain with matching name 'vm9'");
        Assert.Equal(FindingIds.DomainNotFound, PassthroughHost.At(_host.Root).Explain(new InvalidOperationException("outer", libvirt)).Cause!.Id);
    }

    private Explanation Explain(string text, ExplainOptions? options = null) => Explain(new PassthroughError { Text = text }, options);

    private Explanation Explain(PassthroughError error, ExplainOptions? options = null) => PassthroughHost.At(_host.Root).Capture().Explain(error, options);
}
