using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>Finds what a domain takes of the host, whichever element says it.</summary>
internal static class HostUses
{
    private const string MediatedDevices = "/sys/bus/mdev/devices/";

    /// <summary>The uses of a domain, or of a single device.</summary>
    public static ValueList<DomainHostUse> Read(XmlElementView root)
    {
        var uses = new List<DomainHostUse>();
        if (root.Name is not "domain")
        {
            Add(uses, root);
            return [.. uses.Select(use => use with { UsesIommufd = UsesIommufd(root, root) })];
        }

        foreach (var device in DevicesOf(root))
        {
            var first = uses.Count;
            Add(uses, device);
            for (var i = first; i < uses.Count; i++)
            {
                uses[i] = uses[i] with { UsesIommufd = UsesIommufd(root, device) };
            }
        }

        // libvirt passes over these inside of <devices>: they are the domain's own children.
        QemuArguments.Add(uses, root);
        return [.. uses];
    }

    /// <summary>
    /// The block devices and the network interfaces of the host that a domain is built on: by a node or a name, which go when their
    /// device is assigned.
    /// </summary>
    public static ValueList<(HostUseForm Form, string Name)> Parts(XmlElementView domain)
    {
        var parts = new List<(HostUseForm, string)>();
        foreach (var device in DevicesOf(domain))
        {
            if (device.Name is "disk")
            {
                AddNodes(parts, device);
            }
            else if (device.Name is "interface" && device.Is("type", "direct") && device.Child("source")?.Attribute("dev") is { Length: > 0 } name)
            {
                parts.Add((HostUseForm.Interface, name));
            }
        }

        return [.. parts.Distinct()];
    }

    /// <summary>The names of the networks that interfaces of the domain are in: a network may give functions of the host.</summary>
    public static ValueList<string> Networks(XmlElementView domain)
    {
        var names = new List<string>();
        foreach (var device in DevicesOf(domain))
        {
            if (device.Name is "interface" && device.Is("type", "network") && device.Child("source")?.Attribute("network") is { Length: > 0 } name)
            {
                names.Add(name);
            }
        }

        return [.. names.Distinct()];
    }

    // Several <devices> are read as one, as libvirt does.
    private static IEnumerable<XmlElementView> DevicesOf(XmlElementView domain)
    {
        foreach (var part in domain.Children)
        {
            if (part.Name is not "devices")
            {
                continue;
            }

            foreach (var device in part.Children)
            {
                yield return device;
            }
        }
    }

    // The device's own word counts before the domain's.
    private static bool UsesIommufd(XmlElementView domain, XmlElementView device) =>
        device.Name is "hostdev" or "interface"
        && (device.Child("driver")?.Attribute("iommufd") ?? domain.Child("iommufd")?.Attribute("enabled")) == "yes";

    private static void Add(List<DomainHostUse> uses, XmlElementView device)
    {
        switch (device.Name)
        {
            case "hostdev":
                uses.Add(Hostdev(device));
                break;
            case "interface" when device.Is("type", "hostdev"):
                uses.Add(Interface(device, device));
                break;
            case "interface" when device.Is("type", "vdpa"):
                uses.Add(new() { Form = HostUseForm.Interface, Type = "vdpa", Path = device.Child("source")?.Attribute("dev"), Alias = AliasOf(device), GuestAddress = GuestOf(device) });
                break;
            case "interface" when device.Child("actual") is { } actual && actual.Is("type", "hostdev"):
                // What a network gave the running domain, as libvirt's own state files have it.
                uses.Add(Interface(device, actual));
                break;
            case "disk":
                AddDisk(uses, device, device);
                break;
        }
    }

    private static DomainHostUse Hostdev(XmlElementView device)
    {
        var type = device.Attribute("type") ?? "";
        var address = device.Child("source")?.Child("address");
        return new()
        {
            Form = HostUseForm.Hostdev,
            Type = type,
            Address = type == "pci" && address is { } place ? PciXml.Read(place) : null,
            Path = type == "mdev" && address?.Attribute("uuid") is { } uuid ? MediatedDevices + uuid : null,
            Managed = device.Is("managed", "yes"),
            Alias = AliasOf(device),
            GuestAddress = GuestOf(device),
        };
    }

    /// <param name="device">The interface.</param>
    /// <param name="said">The element that names the function: the interface itself, or what its network made of it.</param>
    private static DomainHostUse Interface(XmlElementView device, XmlElementView said)
    {
        var address = said.Child("source")?.Child("address");
        var isPci = address?.Is("type", "pci") is not false;
        return new()
        {
            Form = HostUseForm.Interface,
            Type = isPci ? "pci" : address!.Value.Attribute("type") ?? "",
            Address = isPci && address is { } place ? PciXml.Read(place) : null,
            Managed = said.Is("managed", "yes"),
            Alias = AliasOf(device),
            GuestAddress = GuestOf(device),
        };
    }

    /// <summary>A disk's data may be on NVMe itself, or any image that it is based on, or that it is being copied to.</summary>
    private static void AddDisk(List<DomainHostUse> uses, XmlElementView disk, XmlElementView part)
    {
        if (part.Is("type", "nvme") && part.Child("source") is { } source && source.Child("address") is { } address)
        {
            uses.Add(new()
            {
                Form = HostUseForm.Disk,
                Type = "pci",
                Address = PciXml.Read(address),
                Managed = source.Is("managed", "yes"),
                Alias = AliasOf(disk),
                GuestAddress = GuestOf(disk),
            });
        }

        foreach (var child in part.Children)
        {
            if (child.Name is "backingStore" or "mirror" or "source" or "dataStore")
            {
                AddDisk(uses, disk, child);
            }
        }
    }

    private static void AddNodes(List<(HostUseForm Form, string Name)> parts, XmlElementView disk)
    {
        if (disk.Is("type", "block") && disk.Child("source")?.Attribute("dev") is { Length: > 0 } node)
        {
            parts.Add((HostUseForm.Disk, node));
        }

        foreach (var child in disk.Children)
        {
            if (child.Name is "backingStore" or "mirror")
            {
                AddNodes(parts, child);
            }
        }
    }

    private static string? AliasOf(XmlElementView device) => device.Child("alias")?.Attribute("name") is { Length: > 0 } name ? name : null;

    private static string? GuestOf(XmlElementView device) =>
        device.Child("address") is not { } address ? null
        : !address.Is("type", "pci") ? address.Attribute("type")
        : PciXml.IsPresent(address) ? PciXml.Read(address).ToString() : null;
}
