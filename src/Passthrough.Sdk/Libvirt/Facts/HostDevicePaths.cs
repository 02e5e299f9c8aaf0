using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Libvirt;

/// <summary>
/// Finds the PCI function behind what a domain's XML names in another way: a node of vDPA, a mediated device, the network interface of
/// a physical function. Only the host's own sysfs can tell.
/// </summary>
/// <remarks>Sources: the links in /sys/class/vhost-vdpa, /sys/bus/mdev/devices, /sys/class/net (kernel: vhost/vdpa.c, vfio/mdev).</remarks>
internal sealed class HostDevicePaths(ISysfs sysfs)
{
    private const string Interfaces = "/sys/class/net";
    private const string Lower = "lower_";
    private const string Vdpa = "vhost-vdpa-";
    private const string MediatedDevices = "/sys/bus/mdev/devices/";

    /// <summary>The paths of this machine; null if its files cannot be opened.</summary>
    public static HostDevicePaths? OfThisHost() => LinuxSysfs.TryOpen("/", out var sysfs) == Errno.Success ? new(sysfs!) : null;

    /// <summary>The function that a use of a domain is about; null if it is not a PCI function's, or the host does not say.</summary>
    public PciAddress? FunctionOf(DomainHostUse use) => use switch
    {
        { Address: { } address } => address,
        { Path: not { Length: > 0 } } => null,
        { Type: "vdpa" } => OfVdpa(use.Path),
        _ => OfSysfs(use.Path),
    };

    /// <summary>The functions of a network's pool: those it lists, else the virtual ones of the card it names.</summary>
    public ValueList<PciAddress> FunctionsOf(HostdevPool pool)
    {
        if (pool.Functions.Count > 0)
        {
            return [.. pool.Functions.Select(function => function.Address)];
        }

        if (pool.PhysicalFunction is not { } name || OwnerOf($"/sys/class/net/{name}") is not { } card)
        {
            return [];
        }

        var directory = $"/sys/bus/pci/devices/{card}";
        return [.. sysfs.List(directory).Value
            .Where(file => file.StartsWith("virtfn", StringComparison.Ordinal))
            .Select(file => OwnerOf($"{directory}/{file}")).OfType<PciAddress>()];
    }

    /// <summary>The functions that a block device stands on, through volumes and arrays, by its node or a link to it.</summary>
    public ValueList<PciAddress> FunctionsOfNode(string node) =>
        Disks is { } disks && disks.NameOf(node) is { } name && disks.NumberOf(name) is { } number
            ? [.. disks.Owners().Where(device => device.Number == number).SelectMany(device => device.Owners)]
            : [];

    /// <summary>The functions that a network interface stands on, through VLANs, bonds and bridges.</summary>
    public ValueList<PciAddress> FunctionsOfInterface(string name)
    {
        var found = new List<PciAddress>();
        var stack = new List<string> { name };
        for (var i = 0; i < stack.Count; i++)
        {
            if (OwnerOf($"{Interfaces}/{stack[i]}") is { } owner)
            {
                found.Add(owner);
                continue;
            }

            var files = sysfs.List($"{Interfaces}/{stack[i]}");
            foreach (var file in files.IsKnown ? files.Value : [])
            {
                if (file.StartsWith(Lower, StringComparison.Ordinal) && !stack.Contains(file[Lower.Length..]))
                {
                    stack.Add(file[Lower.Length..]);
                }
            }
        }

        return [.. found.Distinct()];
    }

    private BlockGraph? Disks => field ??= BlockGraph.Read(sysfs).Value;

    private PciAddress? OfVdpa(string node)
    {
        var name = node[(node.LastIndexOf('/') + 1)..];
        return name.StartsWith(Vdpa, StringComparison.Ordinal) ? OwnerOf($"/sys/class/vhost-vdpa/{name}") : null;
    }

    private PciAddress? OfSysfs(string path) =>
        path.StartsWith(MediatedDevices, StringComparison.Ordinal) ? OwnerOf(path.TrimEnd('/').ToLowerInvariant()) : ClassLinks.OwnerOf(path);

    private PciAddress? OwnerOf(string link) => sysfs.ReadLink(link) is { IsKnown: true, Value: { } target } ? ClassLinks.OwnerOf(target) : null;
}
