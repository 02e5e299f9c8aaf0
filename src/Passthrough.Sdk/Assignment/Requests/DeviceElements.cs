using System.Security.Cryptography;
using System.Text;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment.Requests;

/// <summary>
/// Chooses the elements of the requested devices, without their places: what the domain has already in one of its two descriptions goes
/// into the other as it is, and everything else is written as the request says.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="domain">The domain's name.</param>
/// <param name="definition">The domain's definition; empty if it has none.</param>
/// <param name="live">The running domain's XML; empty if it does not run.</param>
internal sealed class DeviceElements(AssignmentRequest request, string domain, string definition, string live)
{
    /// <summary>Checks the elements of the request against its devices and against the domain.</summary>
    /// <param name="devices">All devices, with those that come along.</param>
    /// <exception cref="AssignmentException">The request contradicts itself or the domain.</exception>
    public void Check(IReadOnlyCollection<PciAddress> devices)
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

        foreach (var device in devices)
        {
            RefuseChange(device);
        }
    }

    /// <summary>Returns the element that the domain has for a device in its definition, or else while it runs; null if it has none.</summary>
    public string? FoundIn(PciAddress device) => DescriptionWith(device) is { } description ? DomainXml.StoredOf(device, description) : null;

    /// <summary>Returns the element of a device as a model; null for an NVMe disk of the domain, which stays as it is.</summary>
    public PassthroughDevice? ModelOf(PciAddress device) => FoundIn(device) is { } found ? Read(found) : Asked(device);

    /// <summary>Returns the element of a device as text.</summary>
    public string TextOf(PciAddress device) => FoundIn(device) ?? Asked(device).ToXml();

    /// <summary>Returns the place in the guest that the request names for a device; null if it leaves the choice.</summary>
    public PciGuestAddress? PlaceAskedFor(PciAddress device) => ElementFor(device)?.GuestAddress is PciGuestAddress { Address: not null } place ? place : null;

    private PassthroughDevice Asked(PciAddress device)
    {
        var element = (ElementFor(device) ?? new PciHostDevice { Address = device }) with { Managed = request.IsManaged };

        // libvirt would choose another one for each of its two calls.
        return element is HostInterface { Mac: null } nic ? nic with { Mac = MacFor(device) } : element;
    }

    private PassthroughDevice? ElementFor(PciAddress device) => request.Elements.FirstOrDefault(element => AddressOf(element) == device);

    private string? DescriptionWith(PciAddress device) =>
        definition.Length > 0 && DomainXml.Asks(definition, device) ? definition
        : live.Length > 0 && DomainXml.Asks(live, device) ? live
        : null;

    private static PassthroughDevice? Read(string element) => PassthroughDevice.TryRead(XmlTree.Parse(element).Root);

    // libvirt changes no host device in place, so what differs from what the domain has would be lost without a word.
    private void RefuseChange(PciAddress device)
    {
        if (DescriptionWith(device) is not { } description)
        {
            return;
        }

        var found = DomainXml.StoredOf(device, description);
        var where = ReferenceEquals(description, definition) ? $"the definition of {domain}" : $"the running {domain}";
        if (!request.IsManaged && DomainXml.IsManagedElement(found))
        {
            throw new AssignmentException(
                domain,
                $"{device} cannot be assigned unmanaged, because {where} has it already as a device that libvirt manages (managed='yes'); "
                + "release it first (PassthroughHost.PlanRelease), or let libvirt manage it (IsManaged)");
        }

        if (ElementFor(device) is { } asked && !(Read(found) is { } has && Says(has, asked)))
        {
            throw new AssignmentException(
                domain,
                $"the element for {device} cannot be used, because {where} has the device already with other settings; "
                + "release it first (PassthroughHost.PlanRelease), or leave the element out");
        }
    }

    // What the request leaves open may be anything.
    private static bool Says(PassthroughDevice has, PassthroughDevice asked)
    {
        var filled = asked with
        {
            Managed = has.Managed,
            Alias = asked.Alias is { } alias && alias.StartsWith("ua-", StringComparison.Ordinal) ? alias : has.Alias,
            Boot = asked.Boot ?? has.Boot,
            Rom = asked.Rom ?? has.Rom,
            Acpi = asked.Acpi ?? has.Acpi,
            GuestAddress = IsPlace(asked.GuestAddress, has.GuestAddress) ? has.GuestAddress : asked.GuestAddress,
            Unknown = asked.Unknown ?? has.Unknown,
            UnknownInAlias = has.UnknownInAlias,
        };
        return (filled, has) switch
        {
            (PciHostDevice element, PciHostDevice other) => element with
            {
                Driver = element.Driver ?? other.Driver,
                Teaming = element.Teaming ?? other.Teaming,
                WriteFiltering = element.WriteFiltering ?? other.WriteFiltering,
                Display = element.Display ?? other.Display,
                Ramfb = element.Ramfb ?? other.Ramfb,
                OriginalStates = other.OriginalStates,
                UnknownInSource = element.UnknownInSource ?? other.UnknownInSource,
                LacksDisplay = other.LacksDisplay,
            } == other,
            (HostInterface element, HostInterface other) => element with
            {
                Mac = element.Mac ?? other.Mac,
                Driver = element.Driver ?? other.Driver,
                Vlan = element.Vlan ?? other.Vlan,
                VirtualPort = element.VirtualPort ?? other.VirtualPort,
                Teaming = element.Teaming ?? other.Teaming,
                WriteFiltering = element.WriteFiltering ?? other.WriteFiltering,
                OriginalStates = other.OriginalStates,
                UnknownInSource = element.UnknownInSource ?? other.UnknownInSource,
            } == other,
            _ => false,
        };
    }

    private static bool IsPlace(GuestAddress? asked, GuestAddress? has) => (asked, has) switch
    {
        (null or PciGuestAddress { Address: null }, _) => true,
        (PciGuestAddress place, PciGuestAddress other) => place.Address == other.Address && (place.Multifunction is null || place.Multifunction == other.Multifunction),
        _ => false,
    };

    // With libvirt's prefix for guests of QEMU and KVM. The same one whenever the plan is made, so that it is the one that was reviewed.
    private InterfaceMac MacFor(PciAddress device)
    {
        var owner = DomainDocument.Parse(definition.Length > 0 ? definition : live).Settings.Uuid?.ToString() ?? domain;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner} {device}"));
        return new($"52:54:00:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}");
    }

    /// <summary>Returns the PCI function that an element takes; null for a device of another kind.</summary>
    public static PciAddress? AddressOf(PassthroughDevice element) => element switch
    {
        PciHostDevice device => device.Address,
        HostInterface device => device.Address,
        _ => null,
    };
}
