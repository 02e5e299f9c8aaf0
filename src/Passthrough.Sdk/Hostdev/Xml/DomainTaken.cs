using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>What the devices of a domain so far have taken; each may be taken once.</summary>
internal sealed class DomainTaken(int devices, bool bootsFromOs)
{
    private readonly HashSet<DeviceIdentity> _identities = new(Math.Min(devices, 256), DeviceIdentity.Comparer);
    private readonly DomainPlaces _places = new();
    private HashSet<string>? _aliases;
    private NumberSet? _bootOrders;
    private bool _hasRamfb;

    /// <summary>A host device.</summary>
    public void Take(XmlElementView element, DomainHostDevice device)
    {
        if (!_identities.Add(device.Identity))
        {
            throw element.Error("the domain has this host device already");
        }

        if (device is MediatedHostDevice { Ramfb: true } or PciHostDevice { Ramfb: true })
        {
            _hasRamfb = !_hasRamfb ? true : throw element.Error("only one device can have 'ramfb' enabled");
        }

        TakeAlias(element, device.Alias);
        if (device.Boot is { Order: { } order })
        {
            TakeBoot(element, order);
        }

        switch (device.GuestAddress)
        {
            case PciGuestAddress pci:
                _places.TakePci(element, pci.Address);
                _places.TakeZpci(element, pci.Zpci?.Uid, pci.Zpci?.Fid);
                break;
            case DriveGuestAddress drive:
                _places.TakeDrive(element, drive.Controller, drive.Bus, drive.Target, drive.Unit, isHostDevice: true);
                break;
        }
    }

    /// <summary>Any other device.</summary>
    public void Take(XmlElementView element)
    {
        TakeAlias(element, element.Child("alias")?.Attribute("name"));
        if (element.Child("boot") is { } boot && boot.TryAttribute("order", out var text) && XmlElementViewValues.TryNumber(text, out var order))
        {
            TakeBoot(element, order);
        }

        _places.Take(element);
    }

    private void TakeAlias(XmlElementView element, string? alias)
    {
        if (alias is not null && alias.StartsWith("ua-", StringComparison.Ordinal) && !(_aliases ??= new(Math.Min(devices, 256))).Add(alias))
        {
            throw element.Error($"the alias '{alias}' is not unique in the domain");
        }
    }

    private void TakeBoot(XmlElementView element, uint order)
    {
        if (bootsFromOs)
        {
            throw element.Error("the boot order of a device cannot be used together with <boot dev='...'/> in <os>; remove one of them");
        }

        if (!(_bootOrders ??= new()).Add(order))
        {
            throw element.Error($"the boot order {order} is used for more than one device");
        }
    }
}
