using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Host devices of every kind, made at random from a seed, that may all be in one domain; nothing newer than the installed libvirt (9.0).</summary>
internal static class GeneratedDevices
{
    public static IReadOnlyList<PassthroughDevice> Make(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(1, count).Select(i => Device(random, (uint)i))];
    }

    private static PassthroughDevice Device(Random random, uint i)
    {
        var address = new PciAddress(random.Next(4) == 0 ? 0x1000u : 0u, (byte)i, (byte)random.Next(32), (byte)random.Next(8));
        var alias = Maybe(random) ? $"ua-{i}" : null;
        var boot = Maybe(random) ? new DeviceBoot { Order = i } : null;
        return random.Next(6) switch
        {
            0 => new UsbHostDevice
            {
                Id = new UsbId((ushort)i, (ushort)random.Next(1, 0x10000)),
                Alias = alias,
                StartupPolicy = Maybe(random) ? (StartupPolicy)random.Next(3) : null,
                GuestReset = Maybe(random) ? (UsbGuestReset)random.Next(3) : null,
            },
            1 => new ScsiHostDevice
            {
                Source = new ScsiAdapterSource { Adapter = $"scsi_host{i}", Bus = (uint)random.Next(9), Target = (uint)random.Next(9), Unit = (ulong)random.Next(99) },
                Alias = alias,
                Boot = boot,
                RawIO = Flag(random),
                ReadOnly = Maybe(random),
                Shareable = Maybe(random),
                GuestAddress = new DriveGuestAddress { Controller = i },
            },
            2 => new MediatedHostDevice { Uuid = new Guid((int)i, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]), Model = MediatedModel.VfioPci, Display = Flag(random), Alias = alias },
            3 => new HostInterface
            {
                Address = address,
                Managed = Maybe(random),
                Mac = new InterfaceMac($"52:54:00:00:01:{i:x2}"),
                Vlan = Maybe(random) ? new InterfaceVlan((ushort)random.Next(1, 4095)) : null,
                Alias = alias,
                Boot = boot,
                GuestAddress = Place(random, i),
            },
            _ => new PciHostDevice
            {
                Address = address,
                Managed = Maybe(random),
                Driver = Maybe(random) ? new HostDriver { Backend = HostBackend.Vfio } : null,
                WriteFiltering = Flag(random),
                Alias = alias,
                Boot = boot,
                Rom = random.Next(3) switch
                {
                    0 => null,
                    1 => new DeviceRom { Enabled = false },
                    _ => new DeviceRom { Bar = Flag(random), File = $"/roms/<{i}> & 'é' \"漢\".rom" },
                },
                Acpi = Maybe(random) ? new DeviceAcpi { Index = i } : null,
                GuestAddress = Place(random, i),
            },
        };
    }

    private static PciGuestAddress? Place(Random random, uint i) => Maybe(random)
        ? new(new PciAddress(0, 0, (byte)(1 + (i % 31)), (byte)(i / 31))) { Multifunction = i < 31 ? true : null }
        : null;

    private static bool Maybe(Random random) => random.Next(2) == 0;

    private static bool? Flag(Random random) => random.Next(3) switch { 0 => null, 1 => true, _ => false };
}
