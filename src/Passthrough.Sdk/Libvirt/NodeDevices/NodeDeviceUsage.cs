using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Libvirt.NodeDevices;

/// <summary>The uses of the functions, as far as libvirt has node devices for them.</summary>
internal static class NodeDeviceUsage
{
    private const uint MassStorage = 1;
    private const string DoesNotSay = "libvirt does not report it";

    /// <param name="tree">The devices.</param>
    /// <param name="nothing">A usage all of which is unknown: what libvirt has no devices for.</param>
    public static HostUsage Read(NodeDeviceTree tree, HostUsage nothing)
    {
        var networks = Lookup(tree, "net", Network);
        var disks = Lookup(tree, "storage", Disk);
        var hosts = Lookup(tree, "scsi_host", (_, capability) => capability.TextOf("host") is { } number ? $"host{number}" : null);
        var nodes = Lookup(tree, "drm", (device, _) => LastName(device.Path ?? device.Files.FirstOrDefault(file => !file.IsLink)?.Path));
        var buses = Lookup(tree, "usb_device", (device, _) => UsbBus(device));

        // libvirt leaves out a disk whose kind udev does not tell, or not yet: none listed is not none there.
        var controllers = tree.Descriptions.Select(device => device.Pci).OfType<NodePciCapability>()
            .Where(pci => pci.ClassCode is null || pci.ClassCode >> 16 == MassStorage).Select(pci => pci.Address).OfType<PciAddress>().ToHashSet();
        DeviceUsage Of(PciAddress? address) => nothing[address ?? default] with
        {
            NetworkInterfaces = At(networks, address),
            BlockDevices = address is { } at && controllers.Contains(at) && !disks.Contains(at)
                ? Fact.Unknown<ValueList<BlockDevice>>("/sys/class/block", "libvirt does not list every disk")
                : At(disks, address),
            ScsiHosts = At(hosts, address),
            DrmNodes = At(nodes, address),
            UsbBuses = At(buses, address),
        };

        return new HostUsage(
            controllers.Concat(Keys(networks)).Concat(Keys(disks)).Concat(Keys(hosts)).Concat(Keys(nodes)).Concat(Keys(buses)).Distinct()
                .ToDictionary(address => address, address => Of(address)),
            Of(null));
    }

    private static ILookup<PciAddress, T> Lookup<T>(NodeDeviceTree tree, string type, Func<NodeDeviceDescription, NodeOtherCapability, T?> read)
        where T : class =>
        tree.Of(type)
            .Select(found => (Owner: tree.OwnerOf(found.Device), Thing: read(found.Device, found.Capability)))
            .Where(found => found.Owner is not null && found.Thing is not null)
            .ToLookup(found => found.Owner!.Value, found => found.Thing!);

    private static Fact<ValueList<T>> At<T>(ILookup<PciAddress, T> lookup, PciAddress? address) =>
        Fact.Known<ValueList<T>>(address is { } at ? [.. lookup[at]] : [], NodeDeviceTree.Source);

    private static IEnumerable<PciAddress> Keys<T>(ILookup<PciAddress, T> lookup) => lookup.Select(entry => entry.Key);

    private static NetworkInterface? Network(NodeDeviceDescription device, NodeOtherCapability capability) =>
        capability.TextOf("interface") is not { } name ? null : new NetworkInterface
        {
            Name = name,
            HardwareAddress = Known(capability.TextOf("address"), $"/sys/class/net/{name}/address"),
            OperationalState = Known(capability.AttributeOf("link", "state"), $"/sys/class/net/{name}/operstate"),
            IsEnabled = Fact.Unknown<bool>($"/sys/class/net/{name}/flags", DoesNotSay),
            Master = Fact.Unknown<string>($"/sys/class/net/{name}/master", DoesNotSay),
            Addresses = Fact.Unknown<ValueList<InterfaceAddress>>("/proc/net", DoesNotSay),
            HasDefaultRoute = Fact.Unknown<bool>("/proc/net/route", DoesNotSay),
            IsInUse = Fact.Unknown<bool>("/proc/net/route", DoesNotSay),
        };

    private static BlockDevice? Disk(NodeDeviceDescription device, NodeOtherCapability capability) =>
        LastName(capability.TextOf("block")) is not { } name ? null : new BlockDevice
        {
            Name = name,
            Size = long.TryParse(capability.TextOf("size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? Fact.Known(size, NodeDeviceTree.Source)
                : Fact.Unknown<long>($"/sys/class/block/{name}/size", DoesNotSay),
            Mounts = Fact.Unknown<ValueList<BlockMount>>("/proc/self/mountinfo", DoesNotSay),
            Swaps = Fact.Unknown<ValueList<string>>("/proc/swaps", DoesNotSay),
        };

    // A root hub stands for the bus: usb1 in sysfs, usb_usb1 by libvirt's name.
    private static string? UsbBus(NodeDeviceDescription device)
    {
        var name = LastName(device.Path) ?? (device.Name is { } full && full.StartsWith("usb_usb", StringComparison.Ordinal) ? full["usb_".Length..] : null);
        return name is not null && name.StartsWith("usb", StringComparison.Ordinal) ? name : null;
    }

    private static Fact<string> Known(string? value, string otherwise) =>
        value is { Length: > 0 } ? Fact.Known(value, NodeDeviceTree.Source) : Fact.Unknown<string>(otherwise, DoesNotSay);

    private static string? LastName(string? path) => path?[(path.LastIndexOf('/') + 1)..] is { Length: > 0 } name ? name : null;
}
