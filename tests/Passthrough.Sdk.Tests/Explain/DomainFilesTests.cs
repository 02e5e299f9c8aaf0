using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>The domain's log and definition are found by the name that the error has.</summary>
public sealed class DomainFilesTests : IDisposable
{
    private readonly FakeHost _host = Hosts.Healthy();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("/var/log/libvirt/qemu/vm1.log", "error: Failed to start domain 'vm1'\nerror: internal error: qemu unexpectedly closed the monitor")]
    [InlineData("/var/log/libvirt/qemu/vm1.log", "error: Failed to start domain vm1\nerror: internal error: process exited while connecting to monitor")]
    [InlineData("/var/log/libvirt/qemu/vm1.log", "Fehler: Starten der Domain „vm1“ fehlgeschlagen\nFehler: Interner Fehler: QEMU hat den Monitor geschlossen")]
    [InlineData("/var/log/libvirt/qemu/vm1.log", "internal error: QEMU unexpectedly closed the monitor (vm='vm1')")]
    [InlineData("/home/user/.cache/libvirt/qemu/log/vm1.log", "error: Failed to start domain 'vm1'\nerror: internal error: qemu unexpectedly closed the monitor")]
    [InlineData("/root/.cache/libvirt/qemu/log/vm1.log", "error: Failed to start domain 'vm1'\nerror: Unable to read from monitor: Connection reset by peer")]
    public void The_log_is_found(string path, string text)
    {
        _host.WriteFile(path, Hosts.Log("qemu-system-x86_64: -device vfio-pci,host=0000:04:01.0: vfio 0000:04:01.0: group 11 is not viable"));
        var explanation = PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = text });
        Assert.Equal(FindingIds.GroupNotViable, explanation.Cause!.Id);
        Assert.Contains(explanation.Cause.Evidence, evidence => evidence.Source == path);
    }

    [Fact]
    public void Of_Xens_domains_the_drivers_log_is_read()
    {
        _host.WriteFile("/var/log/libvirt/libxl/libxl-driver.log", "2026-11-24 10:00:00.000+0000: libxl: libxl_create.c:1160:libxl__domain_config_setdefault: passthrough not supported on this platform\n");
        var explanation = PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = "error: internal error: libxenlight failed to create new domain 'pv'" });
        Assert.Equal(FindingIds.XenNoDirectIo, explanation.Cause!.Id);
    }

    [Fact]
    public void The_definition_names_the_devices_that_the_error_does_not()
    {
        _host.WriteFile("/etc/libvirt/qemu/vm1.xml", "<domain type='qemu'><name>vm1</name><memory unit='GiB'>2</memory><devices><hostdev mode='subsystem' type='pci' managed='yes'>"
            + "<source><address domain='0x0000' bus='0x04' slot='0x01' function='0x0'/></source></hostdev></devices></domain>");
        var explanation = PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = "error: Failed to start domain 'vm1'\nerror: internal error: process exited while connecting to monitor" });
        Assert.Equal(["0000:04:01.0"], explanation.Devices.Select(device => device.ToString()));
        Assert.Equal(FindingIds.GroupNotViable, explanation.Cause!.Id);
    }

    [Fact]
    public void A_definition_that_is_no_XML_says_nothing()
    {
        _host.WriteFile("/etc/libvirt/qemu/vm1.xml", "<domain");
        var explanation = PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = "error: Failed to start domain 'vm1'\nerror: internal error: process exited while connecting to monitor" });
        Assert.Equal(FindingIds.DomainEmulatorDied, explanation.Cause!.Id);
    }
}
