using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage.Disks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>
/// Finds the file systems that a host which is itself a virtual machine has mounted from its own host: 9p and virtiofs. They come
/// through a PCI function and have no block device.
/// </summary>
/// <remarks>
/// Sources: /sys/bus/virtio/devices/virtioN/mount_tag (net/9p/trans_virtio.c), /sys/fs/virtiofs/N/tag and device
/// (Documentation/ABI/testing/sysfs-fs-virtiofs, Linux 6.9). An older kernel does not show the tag of a virtiofs device: then every
/// mount of that kind counts for it.
/// </remarks>
internal sealed class VirtioFileSystems
{
    private const string Devices = "/sys/bus/virtio/devices";
    private const string Tags = "/sys/fs/virtiofs";
    private const string Plan9 = "9p";
    private const string VirtioFs = "virtiofs";

    private readonly ValueList<Device> _devices;

    // Why a device may be missing; null if all were read.
    private readonly string? _missing;

    private VirtioFileSystems(ValueList<Device> devices, string? missing) => (_devices, _missing) = (devices, missing);

    /// <summary>Gets whether no device provides such a file system.</summary>
    public bool IsEmpty => _devices.IsEmpty;

    /// <summary>Reads the devices that provide file systems.</summary>
    public static VirtioFileSystems Read(ISysfs files)
    {
        var entries = ClassLinks.Read(files, Devices);
        return new(
            [
                .. from entry in entries.IsKnown ? entries.Value : []
                   where entry.Owner is not null
                   let kind = files.ReadLinkName($"{entry.Path}/driver").Value switch { "9pnet_virtio" => Plan9, VirtioFs => VirtioFs, _ => null }
                   where kind is not null
                   select new Device(entry.Name, entry.Owner!.Value, kind, kind == Plan9 ? files.ReadText($"{entry.Path}/mount_tag").Value?.TrimEnd('\0', '\n') : TagOf(files, entry.Name))
            ],
            entries.IsUnknown ? $"{entries.Source}: {entries.Reason}" : null);
    }

    /// <summary>Returns what is mounted from a function: known and empty if it provides no file system.</summary>
    /// <param name="address">The function; null for one that has nothing.</param>
    /// <param name="mounts">The mounts of all namespaces.</param>
    public Fact<ValueList<BlockMount>> MountsOf(PciAddress? address, Fact<MountNamespaces> mounts)
    {
        ValueList<Device> devices = [.. _devices.Where(device => device.Owner == address)];
        if (devices.IsEmpty)
        {
            return _missing is null ? Fact.Known(ValueList.Create<BlockMount>(), Devices) : Fact.Unknown<ValueList<BlockMount>>(Devices, _missing);
        }

        ValueList<BlockMount> found =
        [
            .. from mount in mounts.IsKnown ? mounts.Value!.Entries : []
               from device in devices
               where device.Provides(mount)
               select new BlockMount(mount.MountPoint, mount.FileSystem, mount.Source, device.Name) { ProcessId = mount.ProcessId }
        ];
        return !mounts.IsKnown ? mounts.Select(_ => found)
            : found.IsEmpty && mounts.Value!.Missing is not null ? mounts.Value.Unknown<ValueList<BlockMount>>()
            : Fact.Known(found, mounts.Source);
    }

    /// <summary>Returns the functions that provide file systems.</summary>
    public IEnumerable<PciAddress> Owners => _devices.Select(device => device.Owner);

    private static string? TagOf(ISysfs files, string device)
    {
        var names = files.List(Tags);
        return (names.IsKnown ? names.Value : [])
            .Where(name => files.ReadLinkName($"{Tags}/{name}/device").Value == device)
            .Select(name => files.ReadText($"{Tags}/{name}/tag").Value?.TrimEnd('\n'))
            .FirstOrDefault();
    }

    private sealed record Device(string Name, PciAddress Owner, string Kind, string? Tag)
    {
        public bool Provides(MountTable.Entry mount) => mount.FileSystem == Kind && (Tag is null || mount.Source == Tag)
            && (Kind == VirtioFs || Tag is not null || mount.Options.Split(',').Contains("trans=virtio", StringComparer.Ordinal));
    }
}
