using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment.Requests;

/// <summary>Chooses the elements of the requested devices, and their places in the guest where libvirt would not choose the right ones.</summary>
/// <remarks>
/// A place is chosen for the functions of a whole card, which share a slot, and for a device on a NUMA node of the host for which the
/// guest has an expander bus. libvirt chooses all others.
/// </remarks>
/// <param name="request">The request.</param>
/// <param name="domain">The domain's name.</param>
/// <param name="definition">The domain's definition; empty if it has none.</param>
/// <param name="live">The running domain's XML; empty if it does not run.</param>
internal sealed class GuestPlaces(AssignmentRequest request, string domain, string definition, string live)
{
    private readonly List<PciController> _added = [];
    private readonly HashSet<PciAddress> _defined = definition.Length > 0 ? [.. DomainDocument.Parse(definition).PciAddresses] : [];
    private readonly HashSet<PciAddress> _owned = live.Length > 0 ? [.. DomainDocument.Parse(live).PciAddresses] : [];
    private DomainDocument? _definition = definition.Length > 0 && request.Scope != AssignmentScope.Live ? DomainDocument.Parse(definition) : null;
    private DomainDocument? _live = live.Length > 0 && request.Scope != AssignmentScope.Definition ? DomainDocument.Parse(live) : null;

    /// <summary>The controllers that the definition needs in addition.</summary>
    public ValueList<PciController> Controllers => [.. _added];

    /// <summary>Whether functions of a card get slots of their own in the running guest.</summary>
    public bool AreFunctionsApart { get; private set; }

    /// <summary>Returns the elements of the devices in the definition and in the running guest, in the order of the devices.</summary>
    /// <param name="devices">The devices, function 0 of a card first.</param>
    /// <exception cref="AssignmentException">The request contradicts itself or the domain.</exception>
    public ValueList<(PciAddress Device, string Definition, string? Live)> Of(ValueList<PciDevice> devices)
    {
        CheckElements([.. devices.Select(device => device.Address)]);
        var inDefinition = new Dictionary<PciAddress, PassthroughDevice>();
        var inGuest = new Dictionary<PciAddress, PassthroughDevice>();
        foreach (var card in devices.GroupBy(device => (device.Address.Domain, device.Address.Bus, device.Address.Slot)))
        {
            ValueList<PciDevice> functions = [.. card];
            if (request.WholeCards && functions.Count > 1)
            {
                PlaceCard(functions, inDefinition);
            }
            else
            {
                foreach (var device in functions)
                {
                    PlaceSingle(device, inDefinition, inGuest);
                }
            }
        }

        AddSparePorts(inDefinition.Values.Count(device => device.GuestAddress is null));
        return [.. devices.Select(device => Written(device.Address, inDefinition.GetValueOrDefault(device.Address), inGuest.GetValueOrDefault(device.Address)))];
    }

    // Nothing is chosen for what the domain has already: its own element counts.
    private (PciAddress Device, string Definition, string? Live) Written(PciAddress device, PassthroughDevice? chosen, PassthroughDevice? guest)
    {
        var element = ElementOf(device);
        var plugged = guest ?? (element.GuestAddress is PciGuestAddress { Address.Function: 0, Multifunction: not true } ? element : element with { GuestAddress = null });
        var text = chosen?.ToXml() ?? (definition.Length > 0 && DomainXml.Asks(definition, device) ? DomainXml.ElementOf(device, definition) : element.ToXml());
        return (device, text, plugged.ToXml() is var other && other != text ? other : null);
    }

    private void PlaceCard(ValueList<PciDevice> functions, Dictionary<PciAddress, PassthroughDevice> chosen)
    {
        AreFunctionsApart |= _live is not null && functions.Any(function => !_owned.Contains(function.Address));
        if (_definition is not { } document)
        {
            return;
        }

        var defined = functions.Where(function => _defined.Contains(function.Address)).ToList();
        if (defined.Count > 0)
        {
            if (defined.Count < functions.Count)
            {
                throw new AssignmentException(
                    domain,
                    $"the definition of {domain} already contains {string.Join(", ", defined.Select(function => function.Address))}, so the card cannot be added as a whole; "
                    + $"release it first (passthrough release {string.Join(' ', defined.Select(function => function.Address))} --domain {domain}), or assign its functions without the whole card");
            }

            return;
        }

        var first = ElementOf(functions[0].Address);
        var place = first.GuestAddress is PciGuestAddress { Address: { } asked } ? asked : SlotFor(functions[0], ref document).Address;
        var isWhole = functions[0].Address.Function == 0;
        foreach (var (index, function) in functions.Index())
        {
            // A card whose function 0 is hidden from this host keeps the order of its functions.
            var number = isWhole ? function.Address.Function : (byte)index;
            var element = ElementOf(function.Address) with
            {
                GuestAddress = new PciGuestAddress(new PciAddress(place.Domain, place.Bus, place.Slot, number)) { Multifunction = number == 0 ? true : null },
            };
            chosen[function.Address] = element;
            document = document.Add(element);
        }

        _definition = document;
    }

    private void PlaceSingle(PciDevice device, Dictionary<PciAddress, PassthroughDevice> inDefinition, Dictionary<PciAddress, PassthroughDevice> inGuest)
    {
        var element = ElementOf(device.Address);
        if (_definition is { } document && !_defined.Contains(device.Address))
        {
            if (element.GuestAddress is null && device.NumaNode is { } node && GuestSlots.ExpanderOf(document, node) is not null)
            {
                element = element with { GuestAddress = new PciGuestAddress(SlotFor(device, ref document).Address) };
            }

            inDefinition[device.Address] = element;
            _definition = document.Add(element);
        }

        if (_live is { } guest && !_owned.Contains(device.Address) && ElementOf(device.Address) is { GuestAddress: null } plain
            && device.NumaNode is { } host && GuestSlots.ExpanderOf(guest, host) is { } expander && GuestSlots.FreePortBehind(guest, expander) is { } port)
        {
            inGuest[device.Address] = plain with { GuestAddress = new PciGuestAddress(port) };
            _live = guest.Add(inGuest[device.Address]);
        }
    }

    private GuestSlot SlotFor(PciDevice device, ref DomainDocument document)
    {
        var slot = device.NumaNode is { } node && GuestSlots.ExpanderOf(document, node) is { } expander
            ? GuestSlots.FindBehind(document, expander)
            : document.FindFreeSlot();
        document = slot.Document;
        if (slot.AddedController is { } controller)
        {
            _added.Add(controller);
        }

        return slot;
    }

    // libvirt puts each device without an address into a port, and adds a port only where none is free.
    private void AddSparePorts(int unplaced)
    {
        if (request.SparePorts == 0)
        {
            return;
        }

        if (_definition is null || !GuestSlots.IsExpress(_definition.Settings))
        {
            throw new AssignmentException(
                domain,
                definition.Length == 0 ? $"{domain} has no definition, so no ports can be added to it; request no spare ports"
                : _definition is null ? "spare ports are added to the definition, and the request is for the running guest only; request both, or no spare ports"
                : $"{domain} has no PCI Express ports (its machine type is {_definition.Settings.Machine ?? "unknown"}), and its buses accept devices without them; request no spare ports");
        }

        var document = _definition;
        for (var free = GuestSlots.FreePorts(document) - unplaced; free < request.SparePorts; free++)
        {
            var controller = GuestSlots.NextPort(document);
            document = document.Add(controller);
            _added.Add(controller);
        }

        _definition = document;
    }

    private PassthroughDevice ElementOf(PciAddress device)
    {
        var element = request.Elements.FirstOrDefault(each => AddressOf(each) == device) ?? new PciHostDevice { Address = device };
        return element with { Managed = request.IsManaged };
    }

    private void CheckElements(ValueList<PciAddress> devices)
    {
        var seen = new HashSet<PciAddress>();
        foreach (var element in request.Elements)
        {
            if (AddressOf(element) is not { } address)
            {
                throw new AssignmentException(domain, $"an element for {domain} is not of a PCI device of this host (<{element.ElementName}>); use PciHostDevice or HostInterface with its address");
            }

            if (!devices.Contains(address))
            {
                throw new AssignmentException(domain, $"there is an element for {address}, which is not among the devices to assign ({string.Join(", ", devices)}); add it to them, or leave the element out");
            }

            if (!seen.Add(address))
            {
                throw new AssignmentException(domain, $"there are two elements for {address}; leave one of them out");
            }
        }
    }

    private static PciAddress? AddressOf(PassthroughDevice element) => element switch
    {
        PciHostDevice device => device.Address,
        HostInterface device => device.Address,
        _ => null,
    };
}
