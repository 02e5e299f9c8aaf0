using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Which functions of the host domains have and ask for, read from the real libvirt.</summary>
public sealed class DomainUsesTests(Embedded embedded)
{
    [Fact]
    public void Definitions_of_domains_that_are_shut_off_and_pools_of_networks_count()
    {
        TestDriver.Require();
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"""
                <node>
                  {Xml.TestDomain("asks").Replace("<devices>", "<devices><hostdev mode='subsystem' type='pci'><source><address bus='1'/></source></hostdev>", StringComparison.Ordinal)}
                  {Xml.TestDomain("pooled").Replace("<devices>", "<devices><interface type='network'><source network='pool'/></interface>", StringComparison.Ordinal)}
                  <network><name>pool</name><forward mode='hostdev' managed='yes'><address type='pci' domain='0x0000' bus='0x02' slot='0x10' function='0x1'/></forward></network>
                  <network><name>other</name><bridge name='virbr9'/></network>
                </node>
                """);
            using var libvirt = LibvirtConnection.Open($"test://{file}");
            Assert.Contains(libvirt.GetNetworkDescriptions(), xml => xml.Contains("<name>other</name>", StringComparison.Ordinal));
            var uses = DomainUsesReader.Read(libvirt, null);
            Assert.Contains(uses, use => use is { Domain: "asks", IsRunning: false, Form: HostUseForm.Hostdev, Network: null } && use.Device == PciAddress.Parse("01:00.0"));
            Assert.Contains(uses, use => use is { Domain: "pooled", IsRunning: false, Form: HostUseForm.Interface, Network: "pool" } && use.Device == PciAddress.Parse("02:10.1"));

            // The test driver starts what its file has.
            Assert.Contains(uses, use => use is { Domain: "asks", IsRunning: true });
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_real_driver_keeps_every_form_and_each_is_told()
    {
        const string disk = "<disk type='nvme' device='disk'><source type='pci' managed='yes' namespace='1'><address bus='4'/></source><target dev='vda' bus='virtio'/></disk>";
        var xml = Xml.Domain("qemu", "forms", disk + Xml.Hostdev() + "<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>")
            .Replace("<domain type='qemu'>", "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>", StringComparison.Ordinal)
            .Replace("</domain>", "<qemu:commandline><qemu:arg value='-device'/><qemu:arg value='vfio-pci,host=0000:06:00.0'/></qemu:commandline></domain>", StringComparison.Ordinal);
        using var domain = embedded.Libvirt.DefineDomain(xml);
        try
        {
            var uses = DomainUsesReader.Read(embedded.Libvirt, HostDevicePaths.OfThisHost()).Where(use => use.Domain == "forms").ToList();
            Assert.Equal(["0000:04:00.0 Disk", "0000:01:00.0 Hostdev", "0000:06:00.0 CommandLine"], uses.OrderBy(use => use.Form switch { HostUseForm.Disk => 0, HostUseForm.Hostdev => 1, _ => 2 }).Select(use => $"{use.Device} {use.Form}"));
            Assert.All(uses, use => Assert.False(use.IsRunning));
            Assert.Contains(DomainHostUse.ParseAll(domain.GetXml(DomainXmlOptions.Inactive)), use => use is { Type: "vdpa", Path: "/dev/vhost-vdpa-0" });
        }
        finally
        {
            domain.Undefine();
        }
    }

    [Fact]
    public void The_test_driver_is_not_this_machine_and_a_driver_inside_the_process_is()
    {
        Assert.False(LibvirtFacts.Read(TestDriver.Uri).Place.IsThisHost);
        Assert.Throws<LibvirtNotThisHostException>(LibvirtFacts.Read(TestDriver.Uri).RequireThisHost);
        Assert.True(LibvirtPlaceReader.Read(embedded.Libvirt).IsThisHost);
    }

    [Fact]
    public async Task A_fake_host_refuses_the_domains_of_a_real_libvirt()
    {
        using var fake = FakeHost.Create().AddSystem().AddPciDevice("0000:01:00.0", driver: "e1000e", iommuGroup: 9);
        using var domain = embedded.Libvirt.DefineDomain(Xml.Domain("qemu", "real", ""));
        try
        {
            var host = fake.Open();
            Assert.Throws<HostNotLocalException>(() => host.Plan([PciAddress.Parse("0000:01:00.0")], domain));
            Assert.Throws<HostNotLocalException>(() => host.PlanRelease([PciAddress.Parse("0000:01:00.0")], domain));
            Assert.Empty(await host.RecoverAsync(_ => embedded.Libvirt, cancellationToken: TestContext.Current.CancellationToken));
        }
        finally
        {
            domain.Undefine();
        }
    }
}
