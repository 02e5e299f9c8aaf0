using System.Diagnostics;
using Passthrough.Sdk.Hostdev;
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
        var device = DomainHostDevice.ParseAll(xml)[0];
        var document = DomainDocument.Parse(Xml.TestDomain($"hostdev-{Guid.NewGuid():n}")).Add(device);
        using var domain = _libvirt.DefineDomain(document.ToString());
        try
        {
            var read = DomainHostDevice.ParseAll(domain.GetXml())[0];
            Assert.Equal(device.GuestAddress ?? read.GuestAddress, read.GuestAddress);

            // The test driver places what has no place, and names interfaces on the host (<target dev='testnet0'/>).
            Assert.Equal(device, read with { GuestAddress = device.GuestAddress, Unknown = null });
            Assert.Equal(read.ToXml(), DomainHostDevice.ParseAll(read.ToXml())[0].ToXml());
        }
        finally
        {
            domain.Undefine();
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_installed_schema_accepts_it(string xml)
    {
        const string schema = "/usr/share/libvirt/schemas/domain.rng";
        Prerequisite.File(schema, "libvirt0");
        Prerequisite.Program("xmllint", "libxml2-utils");

        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, DomainDocument.Parse(Xml.Domain("kvm", "schema", "")).Add(DomainHostDevice.ParseAll(xml)[0]).ToString());
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
    private static IEnumerable<DomainHostDevice> All() =>
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
        HostDevices.Usb(0x46d, 0xc52b) with { GuestReset = UsbGuestReset.Off, GuestAddress = new UsbGuestAddress { Bus = 0, Port = "2" } },
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
        HostDevices.VirtualFunction(Address, "52:54:00:6d:90:02", 42) with { Driver = new HostDriver { Backend = HostBackend.Vfio } },
    ];
}
