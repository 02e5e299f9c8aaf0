using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Guards;

/// <summary>Warns of a release that takes function 0 out of a slot of the definition and leaves the others: a guest finds none of them then.</summary>
internal static class FunctionsHidden
{
    /// <summary>Finds those slots.</summary>
    /// <param name="released">The devices that the definition loses.</param>
    /// <param name="definition">The domain's definition.</param>
    /// <param name="domain">The domain's name.</param>
    public static ValueList<Finding> Find(ValueList<PciAddress> released, string definition, string domain)
    {
        var document = DomainDocument.Parse(definition);
        var places = document.PciAddresses
            .Select(device => (Device: device, (document.FindPciDevice(device)?.GuestAddress as PciGuestAddress)?.Address))
            .Where(each => each.Address is not null)
            .Select(each => (each.Device, Place: each.Address!.Value))
            .ToList();
        var findings = new List<Finding>();
        foreach (var (device, place) in places.Where(each => each.Place.Function == 0 && released.Contains(each.Device)))
        {
            var left = places.Where(other => other.Place.IsSameSlot(place) && !released.Contains(other.Device)).Select(other => other.Device).ToList();
            if (left.Count > 0)
            {
                findings.Add(FindingFactory.Of(
                    [device, .. left],
                    FindingIds.PlanFunctionsHidden,
                    FindingSeverity.Warning,
                    $"from its next start on, {domain} does not see {string.Join(", ", left)}, because {device} is function 0 of their slot, and the definition loses it",
                    $"release {string.Join(", ", left)} as well, then assign them again",
                    new Evidence($"virsh dumpxml {domain} --inactive", $"{device} at {place}")));
            }
        }

        return findings.ToValueList();
    }
}
