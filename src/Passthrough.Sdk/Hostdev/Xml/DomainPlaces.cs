using System.Globalization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The places in a guest that its devices so far have taken: PCI functions, zPCI ids, and units of SCSI controllers.</summary>
internal sealed class DomainPlaces
{
    private readonly Claims _functions = new();
    private Claims? _channels;
    private NumberSet? _uids;
    private NumberSet? _fids;

    /// <summary>Drive addresses, and whether a host device has it.</summary>
    private Dictionary<string, bool>? _drives;

    /// <summary>The place of a device that is no host device.</summary>
    public void Take(XmlElementView element)
    {
        if (element.Child("address") is not { } address)
        {
            if (element.Name is "disk" && IsScsi(element) && UnitOf(element) is { } unit)
            {
                TakeDrive(element, 0, 0, 0, unit, isHostDevice: false);
            }

            return;
        }

        address.TryAttribute("type", out var type);
        if (type is "drive" && element.Name is "disk" && IsScsi(element))
        {
            TakeDrive(element, address.Decimal("controller") ?? 0, address.Decimal("bus") ?? 0, address.Decimal("target") ?? 0, address.Decimal("unit") ?? 0, isHostDevice: false);
        }
        else if (type is "ccw" && address.Number("cssid") is { } subsystem && address.Number("ssid") is { } set && address.Number("devno") is { } number)
        {
            TakeCcw(element, subsystem, set, number, isHostDevice: false);
        }
        else if (type is "pci")
        {
            TakePci(element, PciXml.IsPresent(address) ? PciXml.Read(address) : null, isHostDevice: false);
            if (address.Child("zpci") is { } zpci)
            {
                TakeZpci(zpci, zpci.Number("uid"), zpci.Number("fid"));
            }
        }
    }

    /// <summary>A function of the guest's buses. libvirt takes 0000:00:00 for no address, and finds one.</summary>
    public void TakePci(XmlElementView element, PciAddress? function, bool isHostDevice)
    {
        if (function is { } f && (f.Domain != 0 || f.Bus != 0 || f.Slot != 0) && !_functions.Take(f.SortKey, isHostDevice))
        {
            throw element.Error($"the guest address {f} is used by another device; use another function, slot or bus");
        }
    }

    public void TakeCcw(XmlElementView element, uint subsystem, uint set, uint number, bool isHostDevice)
    {
        if (!(_channels ??= new()).Take(((ulong)(subsystem & 0xff) << 32) | ((ulong)(set & 0xff) << 16) | (number & 0xffff), isHostDevice))
        {
            throw element.Error($"the CCW device number {subsystem:x}.{set:x}.{number:x4} is in use by another device");
        }
    }

    public void TakeZpci(XmlElementView element, uint? uid, uint? fid)
    {
        if (uid is { } u && !(_uids ??= new()).Add(u))
        {
            throw element.Error($"zPCI uid {u} is already reserved by another device");
        }

        if (fid is { } f && !(_fids ??= new()).Add(f))
        {
            throw element.Error($"zPCI fid {f} is already reserved by another device");
        }
    }

    public void TakeDrive(XmlElementView element, uint controller, uint bus, uint target, uint unit, bool isHostDevice)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"controller='{controller}' bus='{bus}' target='{target}' unit='{unit}'");
        var isTaken = (_drives ??= []).TryGetValue(place, out var other);
        if (isTaken && (isHostDevice || other))
        {
            throw element.Error(isHostDevice && other
                ? $"SCSI host address {place} is in use by another SCSI host device"
                : $"the disk's address {place} conflicts with a SCSI host device's");
        }

        _drives[place] = isHostDevice || other;
    }

    private static bool IsScsi(XmlElementView disk) => disk.Child("target") is { } target && target.Is("bus", "scsi");

    /// <summary>The address that libvirt chooses for a SCSI disk without one. From the eighth disk on, it depends on the controller's model and is unknown.</summary>
    private static uint? UnitOf(XmlElementView disk) =>
        disk.Child("target")?.Attribute("dev") is { Length: 3 } name && name.StartsWith("sd", StringComparison.Ordinal) && name[2] is >= 'a' and <= 'g'
            ? (uint)(name[2] - 'a')
            : null;
}
