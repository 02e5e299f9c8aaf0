using System.Globalization;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The rules that tie the devices of a domain to each other, as far as host devices go (<c>virDomainDefValidate</c>).</summary>
internal static class DomainRules
{
    /// <summary>Checks a domain element and gives its host devices.</summary>
    /// <exception cref="LibvirtXmlException">libvirt would refuse the domain.</exception>
    public static List<(XmlElementView Element, DomainHostDevice Device)> Check(XmlElementView domain)
    {
        var devicesAtMost = Math.Min(CountDevices(domain), 256);
        var found = new List<(XmlElementView Element, DomainHostDevice Device)>(devicesAtMost);
        var seen = new Seen(devicesAtMost);
        foreach (var devices in domain.Children)
        {
            if (devices.Name is not "devices")
            {
                continue;
            }

            foreach (var element in devices.Children)
            {
                var device = DomainHostDevice.TryRead(element);
                if (device is not null)
                {
                    found.Add((element, device));
                    CheckDevice(element, device, seen);
                }

                CheckAlias(element, device, seen);
                CheckPlace(element, seen);
            }
        }

        return found;
    }

    private static void CheckDevice(XmlElementView element, DomainHostDevice device, Seen seen)
    {
        if (!seen.Identities.Add(device.Identity))
        {
            throw element.Error("the domain has this host device already");
        }

        if (device is MediatedHostDevice { Ramfb: true } or PciHostDevice { Ramfb: true } && seen.HasRamfb)
        {
            throw element.Error("only one device can have 'ramfb' enabled");
        }

        seen.HasRamfb |= device is MediatedHostDevice { Ramfb: true } or PciHostDevice { Ramfb: true };
    }

    private static void CheckAlias(XmlElementView element, DomainHostDevice? device, Seen seen)
    {
        var alias = device is null ? element.Child("alias")?.Attribute("name") : device.Alias;
        if (alias is not null && alias.StartsWith("ua-", StringComparison.Ordinal) && !seen.Aliases.Add(alias))
        {
            throw element.Error($"the alias '{alias}' is not unique in the domain");
        }
    }

    /// <summary>What devices of every kind must not share: zPCI ids, and drive addresses of host devices.</summary>
    private static void CheckPlace(XmlElementView element, Seen seen)
    {
        if (element.Child("address") is not { } address)
        {
            CheckDisk(element, DiskPlace(element), seen);
            return;
        }

        address.TryAttribute("type", out var type);
        switch (type)
        {
            case "drive" when element.Name is "hostdev":
                Drive(element, Place(address), isHostDevice: true, seen);
                break;
            case "drive":
                CheckDisk(element, Place(address), seen);
                break;
            case "pci" when address.Child("zpci") is { } zpci:
                Reserve(zpci, "uid", seen.Uids);
                Reserve(zpci, "fid", seen.Fids);
                break;
        }
    }

    private static void Reserve(XmlElementView zpci, string name, HashSet<uint> reserved)
    {
        if (zpci.Number(name) is { } id && !reserved.Add(id))
        {
            throw zpci.Error($"zPCI {name} {id} is already reserved by another device");
        }
    }

    private static void CheckDisk(XmlElementView element, string? place, Seen seen)
    {
        if (place is not null && element.Name is "disk" && element.Child("target")?.Attribute("bus") == "scsi")
        {
            Drive(element, place, isHostDevice: false, seen);
        }
    }

    private static void Drive(XmlElementView element, string place, bool isHostDevice, Seen seen)
    {
        if (seen.Drives.TryGetValue(place, out var other) && (isHostDevice || other))
        {
            throw element.Error(isHostDevice && other
                ? $"SCSI host address {place} is in use by another SCSI host device"
                : $"the disk's address {place} conflicts with a SCSI host device's");
        }

        seen.Drives[place] = isHostDevice || other;
    }

    private static string Place(XmlElementView address) => string.Create(
        CultureInfo.InvariantCulture,
        $"controller='{address.Decimal("controller") ?? 0}' bus='{address.Decimal("bus") ?? 0}' target='{address.Decimal("target") ?? 0}' unit='{address.Decimal("unit") ?? 0}'");

    /// <summary>Where libvirt puts a SCSI disk without an address. From the eighth on that depends on the controller's model: unknown.</summary>
    private static string? DiskPlace(XmlElementView disk) =>
        disk.Child("target")?.Attribute("dev") is { Length: 3 } name && name.StartsWith("sd", StringComparison.Ordinal) && name[2] is >= 'a' and <= 'g'
            ? $"controller='0' bus='0' target='0' unit='{name[2] - 'a'}'"
            : null;

    private static int CountDevices(XmlElementView domain)
    {
        var count = 0;
        foreach (var devices in domain.Children)
        {
            foreach (var device in devices.Children)
            {
                count += device.Name is "hostdev" or "interface" ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>What the devices so far have taken.</summary>
    private sealed class Seen(int devices)
    {
        public HashSet<DeviceIdentity> Identities { get; } = new(devices);

        public HashSet<string> Aliases { get; } = [];

        public HashSet<uint> Uids { get; } = [];

        public HashSet<uint> Fids { get; } = [];

        /// <summary>Drive addresses, and whether a host device has it.</summary>
        public Dictionary<string, bool> Drives { get; } = [];

        public bool HasRamfb { get; set; }
    }
}
