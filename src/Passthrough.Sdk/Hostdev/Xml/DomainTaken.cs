using System.Runtime.CompilerServices;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The resources that the devices of a domain use so far; each may be used once.</summary>
internal sealed class DomainTaken(bool bootsFromOs)
{
    private readonly NumberSet _functions = new();
    private HashSet<DeviceIdentity>? _identities;
    private readonly DomainPlaces _places = new();
    private TextSet? _aliases;
    private Claims? _bootOrders;
    private bool _hasRamfb;

    /// <summary>A host device.</summary>
    public void Take(XmlElementView element, PassthroughDevice device)
    {
        if (!TakeIdentity(device))
        {
            throw element.Error("the domain has this host device already");
        }

        if (device is HostDevice { HasFramebuffer: true })
        {
            _hasRamfb = !_hasRamfb ? true : throw element.Error("only one device can have 'ramfb' enabled");
        }

        TakeAlias(element, device.Alias);
        if (device.Boot is { Order: { } order })
        {
            TakeBoot(element, order, isHostDevice: true);
        }

        switch (device.GuestAddress)
        {
            case PciGuestAddress pci:
                _places.TakePci(element, pci.Address, isHostDevice: true);
                _places.TakeZpci(element, pci.Zpci?.Uid, pci.Zpci?.Fid);
                break;
            case CcwGuestAddress { ChannelSubsystem: { } subsystem, SubchannelSet: { } set, DeviceNumber: { } number }:
                _places.TakeCcw(element, subsystem, set, number, isHostDevice: true);
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
        if (element.Child("boot") is { } boot && boot.TryAttribute("order", out var text) && XmlElementViewValues.TryDecimal(text, out var order))
        {
            TakeBoot(element, order, isHostDevice: false);
        }

        _places.Take(element);
    }

    /// <summary>A function of the host is a number, and needs nothing else to be known by.</summary>
    private bool TakeIdentity(PassthroughDevice device) => device switch
    {
        PciHostDevice pci => _functions.Add(pci.Address.SortKey),
        _ => TakeOtherIdentity(device),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TakeOtherIdentity(PassthroughDevice device) => device switch
    {
        HostInterface { Address: { } address } => _functions.Add(address.SortKey),
        _ => (_identities ??= new(DeviceIdentity.Comparer)).Add(device.Identity),
    };

    private void TakeAlias(XmlElementView element, string? alias)
    {
        if (alias is not null && alias.StartsWith("ua-", StringComparison.Ordinal) && !(_aliases ??= new()).Add(alias))
        {
            throw element.Error($"the alias '{alias}' is not unique in the domain");
        }
    }

    private void TakeBoot(XmlElementView element, uint order, bool isHostDevice)
    {
        if (bootsFromOs && isHostDevice)
        {
            throw element.Error("the boot order of a device cannot be used together with <boot dev='...'/> in <os>; remove one of them");
        }

        if (!(_bootOrders ??= new()).Take(order, isHostDevice))
        {
            throw element.Error($"the boot order {order} is used for more than one device");
        }
    }
}
