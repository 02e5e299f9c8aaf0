using System.Diagnostics;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>libvirt as the judge of what we write: its schemas accept it, and its own XML of it reads back equal.</summary>
public sealed class HostdevXmlTests : IDisposable
{
    private static readonly PciAddress Address = PciAddress.Parse("0000:06:12.5");

    private readonly LibvirtConnection _libvirt = LibvirtConnection.Open("test:///default");

    public static TheoryData<string> Devices => [.. All().Select(d => d.ToXml())];

    public void Dispose() => _libvirt.Dispose();

    [Theory]
    [MemberData(nameof(Devices))]
    public void Libvirt_takes_it_and_gives_it_back_equal(string xml)
    {
        var device = PassthroughDevice.ParseAll(xml)[0];
        var document = DomainDocument.Parse(Xml.TestDomain($"hostdev-{Guid.NewGuid():n}")).Add(device);
        using var domain = _libvirt.DefineDomain(document.ToString());
        try
        {
            var read = PassthroughDevice.ParseAll(domain.GetXml())[0];
            Assert.Equal(device.GuestAddress ?? read.GuestAddress, read.GuestAddress);

            // The test driver places what has no place, and names interfaces on the host (<target dev='testnet0'/>).
            Assert.Equal(device, read with { GuestAddress = device.GuestAddress, Unknown = null });
            Assert.Equal(read.ToXml(), PassthroughDevice.ParseAll(read.ToXml())[0].ToXml());
        }
        finally
        {
            domain.Undefine();
        }
    }

    [Fact]
    public void Libvirt_takes_generated_devices_and_gives_them_back_equal()
    {
        var devices = GeneratedDevices.Make(seed: 20261125, count: 60);
        using var domain = _libvirt.DefineDomain(With(devices, Xml.TestDomain($"hostdev-{Guid.NewGuid():n}")));
        try
        {
            var read = PassthroughDevice.ParseAll(domain.GetXml());

            // libvirt writes all interfaces before all host devices, and places what has no place.
            var expected = devices.OrderBy(d => d is HostInterface ? 0 : 1).ToList();
            Assert.Equal(expected.Count, read.Count);
            for (var i = 0; i < expected.Count; i++)
            {
                Assert.Equal(expected[i], read[i] with { GuestAddress = expected[i].GuestAddress, Unknown = null });
                Assert.Equal(expected[i].GuestAddress ?? read[i].GuestAddress, read[i].GuestAddress);
            }

            Assert.Equal(domain.GetXml(), LibvirtXml.Rewrite(domain.GetXml()));
        }
        finally
        {
            domain.Undefine();
        }
    }

    [Fact]
    public void The_installed_schema_accepts_generated_devices()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            Lint(With(GeneratedDevices.Make(seed, count: 60), Xml.Domain("kvm", "schema", "")));
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_installed_schema_accepts_it(string xml) =>
        Lint(DomainDocument.Parse(Xml.Domain("kvm", "schema", "")).Add(PassthroughDevice.ParseAll(xml)[0]).ToString());

    private static string With(IEnumerable<PassthroughDevice> devices, string domain) =>
        devices.Aggregate(DomainDocument.Parse(domain), (document, device) => document.Add(device)).ToString();

    private static void Lint(string xml)
    {
        const string schema = "/usr/share/libvirt/schemas/domain.rng";
        Prerequisite.File(schema, "libvirt0");
        Prerequisite.Program("xmllint", "libxml2-utils");

        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, xml);
            using var lint = Process.Start(new ProcessStartInfo("xmllint", ["--noout", "--relaxng", schema, file]) { RedirectStandardError = true })!;
            var errors = lint.StandardError.ReadToEnd();
            lint.WaitForExit();
            Assert.True(lint.ExitCode == 0, errors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>One of each kind, with everything the installed libvirt's schema (9.0) knows.</summary>
    private static IEnumerable<PassthroughDevice> All() =>
    [
        new PciHostDevice
        {
            Address = Address,
            Managed = true,
            Driver = new HostDriver { Backend = HostBackend.Vfio },
            Teaming = new NicTeaming { Type = NicTeamingType.Transient, Persistent = "ua-backup" },
            WriteFiltering = false,
            Boot = new DeviceBoot { Order = 1 },
            Alias = "ua-nic",
            Rom = new DeviceRom { Bar = true, File = "/roms/it's & more.rom" },
            Acpi = new DeviceAcpi { Index = 42 },
            GuestAddress = new PciGuestAddress(new PciAddress(0, 0, 9, 0)) { Multifunction = true },
        },
        new PciHostDevice { Address = Address, GuestAddress = new UnassignedGuestAddress() },
        new PciHostDevice { Address = Address, Rom = new DeviceRom { Enabled = false } },
        HostDeviceFactory.Usb(0x46d, 0xc52b) with { GuestReset = UsbGuestReset.Off, GuestAddress = new UsbGuestAddress { Bus = 0, Port = "2" } },
        new UsbHostDevice { Place = UsbPlace.OfDevice(3, 14) },
        new ScsiHostDevice
        {
            Source = new ScsiAdapterSource { Adapter = "scsi_host0", Bus = 0, Target = 0, Unit = 3 },
            RawIO = true,
            ReadOnly = true,
            GuestAddress = new DriveGuestAddress { Unit = 4 },
        },
        new ScsiHostDevice
        {
            Source = new IscsiSource { Name = "iqn.1992-01.com.example/1", Host = "example.org", Port = 3260, InitiatorName = "iqn.2020-07.com.example:test" },
            GuestAddress = new DriveGuestAddress(),
        },
        new VhostScsiHostDevice { Wwpn = "naa.5123456789abcde0", Model = VhostScsiModel.VirtioTransitional },
        new MediatedHostDevice { Uuid = Guid.Parse("53764d0e-85a0-42b4-af5c-2046b460b1dc"), Model = MediatedModel.VfioPci, Display = false, Ramfb = false },
        HostDeviceFactory.Nic(Address, bootOrder: 2),
        HostDeviceFactory.NvmeDisk(Address, bootOrder: 1),
        HostDeviceFactory.SoundCard(Address),
        HostDeviceFactory.Vgpu(Guid.Parse("53764d0e-85a0-42b4-af5c-2046b460b1dd")),
        HostDeviceFactory.Vgpu(Guid.Parse("53764d0e-85a0-42b4-af5c-2046b460b1de"), display: true),
        .. HostDeviceFactory.Gpu([PciAddress.Parse("65:00.0"), PciAddress.Parse("65:00.1")], PciAddress.Parse("00:08.0"), "/roms/gpu.rom"),
        HostDeviceFactory.VirtualFunction(Address, "52:54:00:6d:90:03"),
        HostDeviceFactory.VirtualFunction(Address, "52:54:00:6d:90:02", 42) with { Driver = new HostDriver { Backend = HostBackend.Vfio } },
    ];
}
