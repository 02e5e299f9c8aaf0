using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment.Requests;

/// <summary>Chooses the elements of the requested devices (<see cref="DeviceElements"/>), and their places in the guest where libvirt would not choose the right ones.</summary>
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
    private readonly DeviceElements _elements = new(request, domain, definition, live);
    private readonly List<PciController> _added = [];
    private readonly List<PciAddress> _apart = [];
    private readonly HashSet<PciAddress> _defined = definition.Length > 0 ? [.. DomainDocument.Parse(definition).PciAddresses] : [];
    private readonly HashSet<PciAddress> _owned = live.Length > 0 ? [.. DomainDocument.Parse(live).PciAddresses] : [];
    private DomainDocument? _definition = definition.Length > 0 && request.Scope != AssignmentScope.Live ? DomainDocument.Parse(definition) : null;
    private DomainDocument? _live = live.Length > 0 && request.Scope != AssignmentScope.Definition ? DomainDocument.Parse(live) : null;

    /// <summary>The controllers that the definition needs in addition.</summary>
    public ValueList<PciController> Controllers => [.. _added];

    /// <summary>The functions of cards that get slots of their own in the running guest, and share one in the definition.</summary>
    public ValueList<PciAddress> FunctionsApart => [.. _apart];

    /// <summary>Returns the elements of the devices in the definition and in the running guest, in the order of the devices.</summary>
    /// <param name="devices">The devices that exist, function 0 of a card first.</param>
    /// <exception cref="AssignmentException">The request contradicts itself or the domain.</exception>
    public ValueList<(PciAddress Device, string Definition, string? Live)> Of(ValueList<PciDevice> devices)
    {
        _elements.Check([.. devices.Select(device => device.Address).Union(request.Devices)]);
        var inDefinition = new Dictionary<PciAddress, PassthroughDevice>();
        var inGuest = new Dictionary<PciAddress, PassthroughDevice>();
        foreach (var card in devices.GroupBy(device => (device.Address.Domain, device.Address.Bus, device.Address.Slot)))
        {
            ValueList<PciDevice> functions = [.. card];
            var isCard = request.WholeCards && functions.Count > 1;
            if (isCard)
            {
                PlaceCard(functions, inDefinition);
            }

            foreach (var device in functions)
            {
                if (!isCard)
                {
                    PlaceSingle(device, inDefinition);
                }

                Plug(device, isCard, inGuest);
            }
        }

        AddSparePorts(inDefinition.Values.Count(device => device.GuestAddress is null));
        return [.. devices.Select(device => Written(device.Address, inDefinition.GetValueOrDefault(device.Address), inGuest.GetValueOrDefault(device.Address)))];
    }

    // Nothing is chosen for what the domain has already: its own element counts.
    private (PciAddress Device, string Definition, string? Live) Written(PciAddress device, PassthroughDevice? chosen, PassthroughDevice? guest)
    {
        var text = chosen?.ToXml() ?? _elements.TextOf(device);
        return (device, text, guest?.ToXml() is { } other && other != text ? other : null);
    }

    private void PlaceCard(ValueList<PciDevice> functions, Dictionary<PciAddress, PassthroughDevice> chosen)
    {
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

            NoteApart(functions, [.. functions.Select(function => PlaceOf(_elements.ModelOf(function.Address)))]);
            return;
        }

        var isWhole = functions[0].Address.Function == 0;

        // A card whose function 0 is hidden from this host keeps the order of its functions.
        byte[] numbers = [.. functions.Select((function, index) => isWhole ? function.Address.Function : (byte)index)];
        var place = SlotAskedFor(functions, numbers) ?? SlotFor(functions[0], ref document).Address;
        foreach (var (function, number) in functions.Zip(numbers))
        {
            if (_elements.ModelOf(function.Address) is not { } model)
            {
                continue; // an NVMe disk, which its own bus has
            }

            if (model.GuestAddress is UnassignedGuestAddress)
            {
                throw new AssignmentException(
                    domain,
                    $"{function.Address} cannot be a function of a whole card in {domain}, because its element hides it from the guest (type='unassigned'); "
                    + "leave that out, or assign the functions without the whole card");
            }

            var element = model with
            {
                GuestAddress = new PciGuestAddress(new PciAddress(place.Domain, place.Bus, place.Slot, number)) { Multifunction = number == 0 ? true : null },
            };
            document = Add(document, ref element, function.Address, $"the definition of {domain}");
            chosen[function.Address] = element;
        }

        _definition = document;
        NoteApart(functions, [.. functions.Select(function => PlaceOf(chosen.GetValueOrDefault(function.Address)))]);
    }

    // Only where the definition puts together what the running guest gets apart.
    private void NoteApart(ValueList<PciDevice> functions, List<PciAddress?> places)
    {
        if (_live is not null && functions.Any(function => !_owned.Contains(function.Address))
            && places[0] is { } first && places.TrueForAll(place => place?.IsSameSlot(first) == true))
        {
            _apart.AddRange(functions.Select(function => function.Address));
        }
    }

    // Any function may name the slot, and the place that it names must be the one that it gets.
    private PciAddress? SlotAskedFor(ValueList<PciDevice> functions, byte[] numbers)
    {
        (PciAddress Device, PciAddress Place)? first = null;
        foreach (var (function, number) in functions.Zip(numbers))
        {
            if (_elements.PlaceAskedFor(function.Address)?.Address is not { } place)
            {
                continue;
            }

            if (place.Function != number)
            {
                throw new AssignmentException(
                    domain,
                    $"{function.Address} cannot have the place {place} in {domain}, because it is function {number} of the card there; "
                    + $"ask for {new PciAddress(place.Domain, place.Bus, place.Slot, number)}, or assign its functions without the whole card");
            }

            if (first is { } other && !other.Place.IsSameSlot(place))
            {
                throw new AssignmentException(
                    domain,
                    $"{other.Device} and {function.Address} are functions of one card, and cannot have the places {other.Place} and {place} in {domain}; ask for one slot, or assign them without the whole card");
            }

            first ??= (function.Address, place);
        }

        return first?.Place;
    }

    private void PlaceSingle(PciDevice device, Dictionary<PciAddress, PassthroughDevice> inDefinition)
    {
        if (_definition is not { } document || _defined.Contains(device.Address) || _elements.ModelOf(device.Address) is not { } element)
        {
            return;
        }

        // The place that the running guest has for it may be another device's in the definition.
        if (_elements.FoundIn(device.Address) is not null && PlaceOf(element) is { } place && !GuestSlots.IsFree(document, place))
        {
            element = element with { GuestAddress = null };
        }

        if (element.GuestAddress is null && device.NumaNode is { } node && GuestSlots.ExpanderOf(document, node) is not null)
        {
            element = element with { GuestAddress = new PciGuestAddress(SlotFor(device, ref document).Address) };
        }

        _definition = Add(document, ref element, device.Address, $"the definition of {domain}");
        inDefinition[device.Address] = element;
    }

    private void Plug(PciDevice device, bool isOfCard, Dictionary<PciAddress, PassthroughDevice> inGuest)
    {
        if (_live is not { } guest || _owned.Contains(device.Address) || _elements.ModelOf(device.Address) is not { } element)
        {
            return;
        }

        var isSingle = element.GuestAddress is PciGuestAddress { Address.Function: 0, Multifunction: not true };
        if (_definition is null && !isSingle && _elements.PlaceAskedFor(device.Address) is { } asked)
        {
            throw new AssignmentException(
                domain,
                $"{device.Address} cannot have the place {asked.Address} in the running {domain}, because libvirt plugs in single functions only, as function 0 of a slot; "
                + "ask for such a place, or for none, or change the definition (--config)");
        }

        // The place that the definition has for it may be another device's in the running guest, or one that accepts none while it runs.
        var isHidden = element.GuestAddress is UnassignedGuestAddress;
        if (!isHidden && (!isSingle || (_elements.FoundIn(device.Address) is not null && !GuestSlots.CanPlug(guest, PlaceOf(element)!.Value))))
        {
            element = element with { GuestAddress = null };
        }

        if (!isOfCard && element.GuestAddress is null && device.NumaNode is { } node
            && GuestSlots.ExpanderOf(guest, node) is { } expander && GuestSlots.FreePortBehind(guest, expander) is { } port)
        {
            element = element with { GuestAddress = new PciGuestAddress(port) };
        }

        _live = Add(guest, ref element, device.Address, $"the running {domain}");
        inGuest[device.Address] = element;
    }

    private static PciAddress? PlaceOf(PassthroughDevice? element) => (element?.GuestAddress as PciGuestAddress)?.Address;

    private DomainDocument Add(DomainDocument document, ref PassthroughDevice element, PciAddress device, string where)
    {
        try
        {
            return document.Add(element);
        }
        catch (LibvirtXmlException) when (element.Boot is not null && _elements.FoundIn(device) is not null)
        {
            // The boot order of the other description, which the request did not ask for.
            element = element with { Boot = null };
            return Add(document, ref element, device, where);
        }
        catch (LibvirtXmlException e)
        {
            throw new AssignmentException(domain, $"{where} cannot get {device}: {e.Message}; change the element of the request, or the other device", e);
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
}
