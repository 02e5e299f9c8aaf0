using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Starts;

/// <summary>What the guards answer when a domain is about to start.</summary>
public sealed class StartCheckTests : IDisposable
{
    private const string Nic = "0000:01:00.0";
    private const string Source = "<source><address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>";

    private readonly FakeHost _fake = FakeHost.Create().AddSystem()
        .AddPciBridge("0000:00:10.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice(Nic, 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 9, parent: "0000:00:10.0");

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_domain_without_devices_of_the_host_starts()
    {
        var check = _fake.Open().CheckStart(Xml(""));
        Assert.False(check.IsRefused);
        Assert.Empty(check.Devices);
        Assert.Equal("the domain vm1 takes no device of the host", check.ToString());
    }

    [Theory]
    [InlineData($"<hostdev mode='subsystem' type='pci' managed='yes'>{Source}</hostdev>")]
    [InlineData($"<hostdev mode='subsystem' type='pci' managed='no'>{Source}</hostdev>")]
    [InlineData($"<interface type='hostdev' managed='yes'>{Source}</interface>")]
    public void A_network_interface_in_use_refuses_whatever_element_takes_it(string element)
    {
        _fake.AddNetworkInterface(Nic, "enp1s0");
        var free = _fake.Open().CheckStart(Xml(element));
        Assert.False(free.IsRefused, free.ToString());
        _fake.AddNetworkInterface(Nic, "enp1s0", "192.0.2.10/24");

        var check = _fake.Open().CheckStart(Xml(element));

        Assert.True(check.IsRefused, string.Join('\n', check.Findings));
        Assert.Equal("vm1", check.Domain);
        Assert.StartsWith("the domain vm1 must not start: ", check.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', check.ToString());
    }

    [Fact]
    public void What_is_accepted_in_the_metadata_does_not_refuse_and_is_named()
    {
        const string Display = "0000:00:02.0";
        _fake.AddPciDevice(Display, 0x8086, 0x5917, @class: 0x030000, driver: "i915", iommuGroup: 1).WriteAttribute(Display, "boot_vga", "1\n");
        var element = "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x00' slot='0x02' function='0x0'/></source></hostdev>";
        Assert.Contains(FindingIds.DeviceIsBootDisplay, _fake.Open().CheckStart(Xml(element)).Refusing.Select(finding => finding.Id));

        var metadata = $"<metadata><passthrough:accepted xmlns:passthrough='{AcceptedFindings.NamespaceUri}'><passthrough:finding>{FindingIds.DeviceIsBootDisplay}</passthrough:finding></passthrough:accepted></metadata>";
        var check = _fake.Open().CheckStart(Xml(element, metadata));

        Assert.False(check.IsRefused);
        Assert.Equal(FindingIds.DeviceIsBootDisplay, Assert.Single(check.Overruled).Id);
    }

    [Fact]
    public void A_device_that_is_gone_refuses_with_its_name()
    {
        var check = _fake.Open().CheckStart(Xml("<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0x09' slot='0x00' function='0x0'/></source></hostdev>"));
        Assert.Equal(FindingIds.DeviceNotFound, Assert.Single(check.Refusing).Id);
    }

    [Fact]
    public void What_a_newer_libvirt_writes_does_not_keep_a_domain_from_starting()
    {
        var check = _fake.Open().CheckStart(Xml(
            $"<hostdev mode='subsystem' type='future'><source id='1'/></hostdev><hostdev mode='subsystem' type='pci' managed='perhaps'><driver name='future'/>{Source}</hostdev>"));
        Assert.Equal([Nic], check.Devices.Select(device => device.ToString()));
    }

    [Fact]
    public void What_is_no_domain_is_an_error() => Assert.Throws<LibvirtXmlException>(() => _fake.Open().CheckStart("<network/>"));

    [Theory]
    [InlineData("<accepted xmlns='urn:passthrough-sdk:accepted'><finding>a.b</finding><finding> c.d </finding><finding>a.b</finding></accepted>", "a.b c.d")]
    [InlineData("<accepted xmlns='urn:other'><finding>a.b</finding></accepted><!-- urn:passthrough-sdk:accepted -->", "")]
    [InlineData("<x:accepted xmlns:x='urn:passthrough-sdk:accepted'><x:other><x:finding>a.b</x:finding></x:other></x:accepted>", "")]
    [InlineData("<x:accepted xmlns:x='urn:passthrough-sdk:accepted'/>", "")]
    public void Accepted_ids_are_read_from_our_element_alone(string metadata, string ids) =>
        Assert.Equal(ids, string.Join(' ', AcceptedFindings.Read(Xml("", $"<metadata>{metadata}</metadata>"))));

    private static string Xml(string devices, string metadata = "") =>
        $"<domain type='kvm'>\n  <name>vm1</name>\n  {metadata}\n  <devices>\n    {devices}\n  </devices>\n</domain>\n";
}
