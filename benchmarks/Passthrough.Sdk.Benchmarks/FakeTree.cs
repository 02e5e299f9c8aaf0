using System.Globalization;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>
/// A host of any number of PCI functions: root ports with an endpoint of one or two functions each, every eighth endpoint
/// with SR-IOV and its virtual functions, drivers, groups of their own or shared, two NUMA nodes.
/// </summary>
internal static class FakeTree
{
    private const int PortsPerBus = 24;
    private const int VirtualFunctions = 8;

    private static readonly string[] Drivers = ["e1000e", "nvme", "xhci_hcd", "mlx5_core", "vfio-pci", "ixgbe", "ahci", "snd_hda_intel"];

    /// <summary>Writes the tree.</summary>
    /// <param name="root">A directory that is not there yet, best on tmpfs.</param>
    /// <param name="functions">How many PCI functions it gets.</param>
    public static void Write(string root, int functions)
    {
        // Not disposed on purpose: disposing deletes the tree.
        var fake = FakeHost.Create(root);
        var (made, group, bus, domain, port) = (0, 0, 1, 0, 0);
        while (made < functions)
        {
            if (port == PortsPerBus * 8)
            {
                (domain, bus, port) = (domain + 1, 1, 0);
            }

            var above = Address(domain, 0, 1 + (port / 8), port % 8);
            fake.AddPciBridge(above, (byte)bus, driver: "pcieport", iommuGroup: group++);
            made++;
            port++;
            made += Endpoint(fake, domain, bus, above, functions - made, ref group);
            bus++;
        }

        fake.WriteFile("/proc/cmdline", "root=/dev/vda1 intel_iommu=on iommu=pt\n");
    }

    private static int Endpoint(FakeHost fake, int domain, int bus, string above, int room, ref int group)
    {
        if (room <= 0)
        {
            return 0;
        }

        var driver = Drivers[bus % Drivers.Length];
        var first = Address(domain, bus, 0, 0);
        fake.AddPciDevice(first, 0x8086, (ushort)(0x1000 + bus), 0x020000, driver, group, above, 0x8086, 0x0001, (byte)(bus % 4), bus % 2);
        var made = 1;
        if (bus % 3 == 0 && made < room)
        {
            fake.AddPciDevice(Address(domain, bus, 0, 1), 0x8086, (ushort)(0x1000 + bus), 0x040300, "snd_hda_intel", group, above, 0x8086, 0x0002, 1, bus % 2);
            made++;
        }

        group++;
        for (var i = 0; bus % 4 == 0 && i < VirtualFunctions && made < room; i++, made++)
        {
            var address = Address(domain, bus, 16 + (i / 8), i % 8);
            fake.AddPciDevice(address, 0x8086, 0x10ed, 0x020000, i % 2 == 0 ? "vfio-pci" : "ixgbevf", group++, null, 0x8086, 0x0003, 1, bus % 2, first);
        }

        return made;
    }

    private static string Address(int domain, int bus, int slot, int function) =>
        string.Create(CultureInfo.InvariantCulture, $"{domain:x4}:{bus:x2}:{slot:x2}.{function:x}");
}
