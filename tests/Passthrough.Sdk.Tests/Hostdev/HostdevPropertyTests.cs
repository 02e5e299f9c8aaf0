using CsCheck;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class HostdevPropertyTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.Int[0, 25].Select(i => "abcdefghijklm<>&\'\" \t\n\ré漢]-"[i % 25]), 1, 12];
    private static readonly Gen<bool?> Flag = Gen.Int[0, 2].Select(i => i == 0 ? null : (bool?)(i == 1));
    private static readonly Gen<uint> Number = Gen.UInt[0, 300];
    private static readonly Gen<PciAddress> Address =
        Gen.Select(Gen.UInt, Gen.Byte, Gen.Byte[0, 31], Gen.Byte[0, 7], (d, b, s, f) => new PciAddress(d, b, s, f));

    private static readonly Gen<DeviceRom> Rom = Gen.Select(Flag, Text, (bar, file) => new DeviceRom { Bar = bar, File = file });
    private static readonly Gen<DeviceAcpi> Acpi = Gen.Select(Gen.UInt[1, uint.MaxValue], Text, (index, nodeset) => new DeviceAcpi { Index = index, Nodeset = nodeset });
    private static readonly Gen<DeviceBoot> Boot = Gen.UInt[1, 99].Select(order => new DeviceBoot { Order = order, LoadParm = order % 2 == 0 ? "2" : null });

    private static readonly Gen<GuestAddress> PciPlace = Gen.Select(Address, Flag, Gen.UInt[1, 0xffff], (address, multi, uid) => (GuestAddress)(uid % 3 == 0
        ? new UnassignedGuestAddress()
        : new PciGuestAddress(address) { Multifunction = multi, Zpci = uid % 2 == 0 ? new ZpciAddress { Uid = uid, Fid = uid } : null }));

    private static readonly Gen<HostDevice> Pci = Gen.Select(Address, Flag, Text, Rom, PciPlace, Boot, Acpi, (address, flag, text, rom, place, boot, acpi) => (HostDevice)new PciHostDevice
    {
        Address = address,
        Managed = flag is true,
        Driver = flag is null ? null : new HostDriver { Backend = HostBackend.Vfio, Model = text, Iommufd = flag },
        Teaming = flag is true ? new NicTeaming { Type = NicTeamingType.Transient, Persistent = text } : null,
        WriteFiltering = flag,
        Display = flag,
        Ramfb = flag,
        Alias = flag is null ? null : text,
        Rom = rom,
        Boot = boot,
        Acpi = acpi,
        GuestAddress = place,
    });

    private static readonly Gen<HostDevice> Usb = Gen.Select(Gen.UShort[1, ushort.MaxValue], Gen.UShort, Number, Number, (vendor, product, bus, device) => (HostDevice)new UsbHostDevice
    {
        Id = device % 3 == 0 ? null : new UsbId(vendor, product),
        Place = device % 3 == 1 ? null : device % 2 == 0 ? UsbPlace.OfDevice(bus, device) : UsbPlace.OfPort(bus, "1.2"),
        StartupPolicy = device % 5 == 0 ? StartupPolicy.Requisite : null,
        GuestReset = device % 7 == 0 ? UsbGuestReset.Uninitialized : null,
        GuestAddress = device % 2 == 0 ? new UsbGuestAddress { Bus = bus, Port = "4" } : null,
    });

    private static readonly Gen<HostDevice> Scsi = Gen.Select(Text, Number, Gen.ULong, Flag, (text, number, unit, flag) => (HostDevice)new ScsiHostDevice
    {
        Source = flag is null
            ? new IscsiSource { Name = text, Host = text, Port = (ushort)number, InitiatorName = text }
            : new ScsiAdapterSource { Adapter = text, Bus = number, Target = number, Unit = unit },
        ReadOnly = flag is true,
        Shareable = flag is false,
        RawIO = flag,
        Filtered = number % 2 == 0,
        GuestAddress = new DriveGuestAddress { Controller = number, Unit = number },
    });

    private static readonly Gen<HostDevice> Others = Gen.Select(Gen.Guid, Text, Flag, Gen.Int[0, 4], (uuid, text, flag, kind) => (HostDevice)(kind switch
    {
        0 => new MediatedHostDevice { Uuid = uuid, Model = MediatedModel.VfioPci, Display = flag, Ramfb = flag },
        1 => new VhostScsiHostDevice { Wwpn = "naa.5123456789abcde0", Model = VhostScsiModel.VirtioTransitional },
        2 => new StorageHostDevice { Block = text },
        3 => new CharacterHostDevice { Path = text },
        _ => new NetHostDevice { Interface = text },
    }));

    private static readonly Gen<HostDevice> AnyDevice = Gen.OneOf(Pci, Usb, Scsi, Others);

    [Fact]
    public void Writing_then_reading_is_the_identity() => AnyDevice.Sample(device =>
    {
        var xml = device.ToXml();
        var read = HostDevice.Parse(xml);
        return read.Equals(device) && read.GetHashCode() == device.GetHashCode() && read.ToXml() == xml;
    });

    [Fact]
    public void Editing_one_device_changes_its_bytes_only() => Gen.Select(AnyDevice.Array[1, 5], AnyDevice, Gen.Int[0, 2].Select(i => i == 0 ? "\n" : i == 1 ? "\r\n" : ""), Gen.Int[0, 4]).Sample((devices, added, line, at) =>
    {
        devices = [.. devices.DistinctBy(d => d.Identity).Where(d => !d.Identity.Equals(added.Identity))];
        if (devices.Length == 0 || devices.Append(added).Count(d => d is PciHostDevice { Ramfb: true } or MediatedHostDevice { Ramfb: true }) > 1)
        {
            return;
        }

        devices = [.. devices.Select((d, i) => d with { Alias = null, GuestAddress = null, Boot = null })];
        added = added with { Alias = null, GuestAddress = null, Boot = null };
        var parts = devices.Select(d => d.ToXml(line.Length == 0 ? "" : line + "    ")).ToList();
        string Text(IEnumerable<string> elements) =>
            $"<!-- a --><domain>{line}  <devices  >{line}    {string.Join($"{line}    ", elements)}{line}    <!-- b -->{line}    <x/>{line}  </devices>{line}</domain>";
        var document = DomainDocument.Parse(Text(parts));
        at %= devices.Length;

        var replaced = document.Replace(devices[at], added);
        var expected = parts.ToList();
        expected[at] = added.ToXml(line.Length == 0 ? "" : line + "    ");
        Assert.Equal(Text(expected), replaced.ToString());
        Assert.Equal(document.ToString(), replaced.Replace(added, devices[at]).ToString());

        var grown = document.Add(added);
        Assert.Equal(document.ToString(), grown.Remove(added).ToString());
        Assert.Equal([.. devices, added], grown.HostDevices);
    });
}
