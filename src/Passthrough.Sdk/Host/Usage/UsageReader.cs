using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage.Disks;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads <see cref="HostUsage"/> from a host's files: a link for each device of a class, not a walk for each function.</summary>
internal static class UsageReader
{
    private const string ClassOfEveryKernel = "/sys/class/misc";

    /// <summary>The reason of unknown open handles if they were not requested.</summary>
    internal const string NotAskedFor = "not asked for";

    /// <summary>Reads it.</summary>
    /// <param name="files">The host.</param>
    /// <param name="withHandles">Whether every process is looked at for open nodes.</param>
    /// <param name="claimsOf">The functions about whose disks the running kernel is asked.</param>
    public static HostUsage Read(ISysfs files, bool withHandles, ValueList<PciAddress> claimsOf = default)
    {
        var graph = BlockGraph.Read(files);

        // Every process is asked for its mounts only where there is a disk that could be mounted.
        var hasDisks = graph is { IsKnown: true, Value: { } found } && found.Disks().Count > 0;
        var shared = VirtioFileSystems.Read(files);
        var mounts = hasDisks || withHandles || !shared.IsEmpty ? MountNamespaces.Read(files, withThreads: withHandles) : Fact.Unknown<MountNamespaces>("/proc/self/mountinfo", NotAskedFor);
        var nvme = Class(files, "/sys/class/nvme");
        var drm = Class(files, "/sys/class/drm", name => !name.Contains('-', StringComparison.Ordinal) && name != "version");
        var framebuffers = DisplayReader.Framebuffers(files);
        var boot = MemoryMap.BootFramebuffers(files.ReadText("/proc/iomem"));
        var console = DisplayReader.IsConsoleOnFramebuffer(files);
        var sound = Class(files, "/sys/class/sound", name => name.StartsWith("card", StringComparison.Ordinal));
        var usb = Class(files, "/sys/bus/usb/devices", name => name.StartsWith("usb", StringComparison.Ordinal));
        var keyboards = KeyboardReader.Read(files);
        var scsi = Class(files, "/sys/class/scsi_host");
        var rdma = Class(files, "/sys/class/infiniband");
        // Linux 6.1 to 6.5, and later ones without CONFIG_VFIO_DEVICE_CDEV, have the class, but no node of a single device.
        var vfio = Class(files, "/sys/class/vfio-dev", name => !files.ReadText($"/sys/class/vfio-dev/{name}/dev").IsAbsent);
        var handles = withHandles
            ? OpenHandleReader.Read(files, new NodeOwners(files, graph, framebuffers), mounts.Value)
            : Fact.Unknown<OpenHandleReader.Found>("/proc/*/fd", NotAskedFor);
        mounts.Value?.AddKept(handles.IsKnown ? handles.Value!.Namespaces : []);
        var network = NetworkStateReader.Read(files, withHandles, handles.IsKnown ? handles.Value!.Networks : []);
        var networks = Class(files, "/sys/class/net").Select(all => NetworkReader.Read(files, all, network));
        var blocks = Settle(files, BlockReader.Read(files, graph, mounts, claimsOf));

        DeviceUsage Of(PciAddress? address) => new()
        {
            NetworkInterfaces = At(networks, address),
            BlockDevices = At(blocks, address),
            VirtioMounts = shared.MountsOf(address, mounts),
            NvmeControllers = At(nvme, address),
            DrmNodes = At(drm, address),
            Framebuffers = At(framebuffers, address),
            BootFramebuffers = At(boot, address),
            IsConsole = At(framebuffers, address).IsKnown && At(framebuffers, address).Value.IsEmpty ? Fact.Known(false, framebuffers.Source) : console,
            SoundCards = At(sound, address),
            UsbBuses = At(usb, address),
            Keyboards = At(keyboards, address),
            ScsiHosts = At(scsi, address),
            RdmaDevices = At(rdma, address),
            VfioDevices = At(vfio, address),
            OpenHandles = Handles(handles, address),
        };

        return new HostUsage(
            Keys(networks).Concat(shared.Owners).Concat(Keys(blocks)).Concat(Keys(nvme)).Concat(Keys(drm)).Concat(Keys(framebuffers)).Concat(Keys(boot)).Concat(Keys(sound)).Concat(Keys(usb)).Concat(Keys(keyboards).Where(address => address != default))
                .Concat(Keys(scsi)).Concat(Keys(rdma)).Concat(Keys(vfio)).Concat(handles.IsKnown ? handles.Value!.Handles.Select(h => h.Key) : [])
                .Distinct().ToDictionary(address => address, address => Of(address)),
            Of(null))
        {
            NetworkNamespaces = network.Others,
            OtherKeyboards = At(keyboards, default(PciAddress)),
            OrphanedHandles = OfEverybody(handles, handles.Select(all => all.Orphans)),
            UnseenMountNamespaces = mounts.Value?.Unseen ?? [],
        };
    }

    /// <summary>The devices of a class by function. A class that the kernel does not have has no devices.</summary>
    internal static Fact<ILookup<PciAddress, string>> Class(ISysfs files, string directory, Func<string, bool>? isWanted = null) =>
        Settle(files, ClassLinks.Read(files, directory).Select(entries => entries
            .Where(e => e.Owner is not null && isWanted?.Invoke(e.Name) != false)
            .ToLookup(e => e.Owner!.Value, e => e.Name)));

    // A class that does not exist says that there is no such device only where all classes were captured.
    private static Fact<ILookup<PciAddress, T>> Settle<T>(ISysfs files, Fact<ILookup<PciAddress, T>> lookup) =>
        !lookup.IsAbsent ? lookup
        : files.List(ClassOfEveryKernel).IsKnown ? Fact.Known(Enumerable.Empty<T>().ToLookup(_ => default(PciAddress)), lookup.Source)
        : Fact.Unknown<ILookup<PciAddress, T>>(lookup.Source, "this source of files does not report it");

    private static Fact<ValueList<T>> At<T>(Fact<ILookup<PciAddress, T>> lookup, PciAddress? address) =>
        lookup.Select(all => address is { } a ? all[a].ToValueList() : []);

    private static IEnumerable<PciAddress> Keys<T>(Fact<ILookup<PciAddress, T>> lookup) => lookup.IsKnown ? lookup.Value!.Select(l => l.Key) : [];

    private static Fact<ValueList<OpenHandle>> Handles(Fact<OpenHandleReader.Found> handles, PciAddress? address) =>
        OfEverybody(handles, handles.Select(all => address is { } a ? all.Handles[a].ToValueList() : []));

    // None found is an answer only when everybody was looked at.
    private static Fact<ValueList<OpenHandle>> OfEverybody(Fact<OpenHandleReader.Found> handles, Fact<ValueList<OpenHandle>> found) =>
        found.IsKnown && found.Value.IsEmpty && handles.Value!.Missing is { } missing
            ? Fact.Unknown<ValueList<OpenHandle>>("/proc/*/fd", missing)
            : found;
}
