using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Host.Archive;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Host;

public sealed class TextRedactionTests
{
    [Theory]
    [InlineData("root=UUID=0a1b2c3d-1111-2222-3333-5EC2E7555555 ro", "5EC2E7")]
    [InlineData("ip=192.0.2.5::192.0.2.1:255.255.255.0:SECRET:eth0:off quiet", "SECRET")]
    [InlineData("netroot=iscsi:SECRET:SECRET@192.0.2.9::3260::iqn.2026-01.example:SECRET", "SECRET")]
    [InlineData("root=iscsi:SECRET:SECRET@192.0.2.9::3260::iqn.2026-01.example:disk", "SECRET")]
    [InlineData("root=nfs:SECRET:/export rw", "SECRET")]
    [InlineData("nfsroot=SECRET:/export,v3", "SECRET")]
    [InlineData("rd.iscsi.password=SECRET rd.iscsi.in.password=SECRET", "SECRET")]
    [InlineData("rd.iscsi.initiator=iqn.1993-08.org.debian:01:SECRET", "SECRET")]
    [InlineData("systemd.setenv=DB_PASSWORD=SECRET systemd.hostname=SECRET", "SECRET")]
    [InlineData("\"app.passphrase=SECRET and SECRET\" quiet", "SECRET")]
    [InlineData("app.token=\"SECRET SECRET\" quiet", "SECRET")]
    [InlineData("rd.luks.key=/SECRET.key:UUID=x", "SECRET")]
    [InlineData("inst.ks=https://user:SECRET@host/ks.cfg", "SECRET")]
    [InlineData("root=/dev/disk/by-id/nvme-Disk_SECRET-part1 ro", "SECRET")]
    [InlineData("[    2.1] usb 1-1: SerialNumber: SECRET", "SECRET")]
    [InlineData("[    3.0] systemd[1]: Hostname set to <SECRET>.", "SECRET")]
    [InlineData("[    4.0] e1000e 0000:01:00.0 eth0: (PCI Express) 52:54:00:5e:c2:e7", "5e:c2:e7")]
    [InlineData("80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:5e:c2:e7", "5e:c2:e7")]
    [InlineData("00:02:c9:03:00:5e:c2:e7", "5e:c2:e7")]
    public void A_planted_secret_is_gone(string text, string secret) =>
        Assert.DoesNotContain(secret, TextRedaction.Apply("/proc/cmdline", text), StringComparison.Ordinal);

    [Theory]
    [InlineData("52:54:00:5e:c2:e7")]
    [InlineData("00:02:c9:03:00:5e:c2:e7")]
    [InlineData("80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:5e:c2:e7")]
    public void A_hardware_address_keeps_its_length(string address) =>
        Assert.Equal(string.Join(':', address.Split(':').Select(_ => "00")) + "\n", TextRedaction.Apply("/sys/class/net/ib0/address", address + "\n"));

    // The kernel makes an address from the hardware address of the interface: 52:54:00:5e:c2:e7 becomes 5054:ff:fe5e:c2e7.
    [Theory]
    [InlineData("address index=2 address=fe80::5054:ff:fe5e:c2e7 prefix=64 permanent=yes", "address index=2 address=fe80::200:ff:fe00:0 prefix=64 permanent=yes")]
    [InlineData("address index=2 address=fe80::5054:ff:fe5e:c2e7%252 prefix=64", "address index=2 address=fe80::200:ff:fe00:0%252 prefix=64")]
    [InlineData("address index=2 address=2001:db8::5054:ff:fe5e:c2e7 prefix=64", "address index=2 address=2001:db8::200:ff:fe00:0 prefix=64")]
    [InlineData("route v6=yes destination=fe80::5054:ff:fe5e:c2e7 prefix=128 gateway=FE80:0:0:0:A836:9FFF:FE5E:C2E7", "route v6=yes destination=fe80::200:ff:fe00:0 prefix=128 gateway=fe80::200:ff:fe00:0")]
    public void An_address_that_contains_a_hardware_address_keeps_its_network_only(string text, string redacted) =>
        Assert.Equal(redacted, TextRedaction.Apply("/.passthrough/network", text));

    // Without colons, an address has the form of a machine's id.
    [Theory]
    [InlineData("/proc/net/if_inet6", "20010db8000000000000000000000002 02 40 00 80   enp1s0\nfe80000000000000505400fffe5ec2e7 02 40 20 80   enp1s0\n")]
    [InlineData("/proc/net/ipv6_route", "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 fe80000000000000505400fffe5ec2e7 00000400 00000001 00000000 00000001   enp1s0\n")]
    public void Addresses_in_the_kernels_own_files_keep_their_network_only(string path, string text) =>
        Assert.Equal(text.Replace("505400fffe5ec2e7", "020000fffe000000", StringComparison.Ordinal), TextRedaction.Apply(path, text));

    [Theory]
    [InlineData("41 29 0:50 / /mnt rw,relatime shared:1 - nfs4 SECRET:/export rw,addr=192.0.2.9,clientaddr=SECRET")]
    [InlineData("42 29 0:51 / /mnt rw - cifs //SECRET/share rw,username=SECRET,domain=SECRET")]
    [InlineData("43 29 0:52 / /mnt rw - fuse.sshfs SECRET@SECRET:/home rw,user_id=0")]
    public void Servers_and_users_of_mounts_are_gone_and_the_mount_stays(string line)
    {
        var redacted = TextRedaction.Apply("/proc/1/mountinfo", $"{line}\n29 1 259:2 / / rw shared:1 - ext4 /dev/nvme0n1p2 rw\n");

        Assert.DoesNotContain("SECRET", redacted, StringComparison.Ordinal);
        Assert.Equal(3, redacted.Split('\n').Length);
        Assert.Contains("29 1 259:2 / / rw shared:1 - ext4 /dev/nvme0n1p2 rw\n", redacted, StringComparison.Ordinal);
        Assert.Contains(" /mnt rw", redacted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BOOT_IMAGE=/vmlinuz root=/dev/mapper/vg-root ro intel_iommu=on iommu.passthrough=1 vfio-pci.ids=10de:1b80,10de:10f0 console=ttyS0,115200n8 pcie_acs_override=downstream")]
    [InlineData("[    1.0] DMAR: Host address width 39\n[    1.1] DMAR-IR: Enabled IRQ remapping in x2apic mode")]
    [InlineData("address index=2 address=fe80::1 prefix=64\naddress index=2 address=2001:db8::2 prefix=64\nroute v6=yes destination=ff00:: prefix=8 gateway=fe80::aaaa:bbbb:cccc:dddd")]
    [InlineData("0000:01:00.0 10de:1b80 pci0000:00/0000:00:1c.0 2026-01-01T12:30:59 ::1 std::vector 12:34:56:78")]
    [InlineData("[    1.2] Serial: 8250/16550 driver, 32 ports, IRQ sharing enabled")]
    [InlineData("options vfio-pci ids=8086:10d3\nblacklist nouveau\nsoftdep snd_hda_intel pre: vfio-pci")]
    public void What_verdicts_rest_on_stays(string text) => Assert.Equal(text, TextRedaction.Apply("/proc/cmdline", text));

    [Fact]
    public void An_archive_has_none_of_the_secrets_and_gives_the_same_verdicts()
    {
        const string Device = "0000:01:00.0";
        using var fake = FakeHost.Create()
            .AddPciDevice(Device, 0x8086, 0x10d3, driver: "nvme", iommuGroup: 9)
            .AddPciDevice("0000:01:00.1", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 9)
            .WriteFile("/proc/cmdline", "root=iscsi:user:SECRET@h::3260::iqn.2026-01.x:y systemd.hostname=SECRET intel_iommu=off ip=SECRET::1 app.password=\"SECRET x\"\n")
            .WriteFile("/var/log/dmesg", "[    0.0] Kernel command line: app.password=SECRET intel_iommu=off\n[    2.0] usb 1-1: SerialNumber: SECRET\n[    0.1] DMAR: IOMMU disabled\n")
            .WriteFile("/proc/self/mountinfo", "41 29 0:50 / /mnt rw - nfs4 SECRET:/export rw,addr=SECRET\n")
            .WriteFile("/sys/class/dmi/id/product_serial", "SECRET\n")
            .WriteAttribute(Device, "vpd", "SECRET");
        var archive = fake.PathOf("/host.tar.gz");
        using (var stream = new FileStream(archive, FileMode.Create))
        {
            PassthroughHost.At(fake.Root).CaptureTo(stream);
        }

        using var plain = new MemoryStream();
        using (var gzip = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress))
        {
            gzip.CopyTo(plain);
        }

        Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(plain.ToArray()), StringComparison.Ordinal);
        Assert.Equal(Verdicts(fake.Root), Verdicts(archive));

        static List<string> Verdicts(string root) =>
            [.. PassthroughHost.At(root).Capture().CheckDevices([PciAddress.Parse(Device)]).SelectMany(finding => finding.Consequences.Prepend(finding)).Select(finding => finding.ToString())];
    }
}
