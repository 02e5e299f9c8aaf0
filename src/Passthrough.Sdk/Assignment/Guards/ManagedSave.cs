using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Guards;

/// <summary>
/// Refuses to change the definition of a domain whose next start restores a managed save image: that start takes the devices of the image from the host, whatever
/// the definition says.
/// </summary>
internal static class ManagedSave
{
    /// <summary>Finds out for an assignment.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="scope">Which descriptions of the domain the plan changes.</param>
    /// <param name="devices">The devices that are assigned.</param>
    public static ValueList<Finding> OfAssignment(ILibvirtDomain domain, AssignmentScope scope, ValueList<PciAddress> devices) => Find(
        domain, scope, devices, isAdded: true, "so the guest does not have a device that the definition gets now");

    /// <summary>Finds out for a release.</summary>
    /// <inheritdoc cref="OfAssignment"/>
    /// <param name="domain">The domain.</param>
    /// <param name="scope">Which descriptions of the domain the plan changes.</param>
    /// <param name="devices">The devices that are released.</param>
    public static ValueList<Finding> OfRelease(ILibvirtDomain domain, AssignmentScope scope, ValueList<PciAddress> devices) => Find(
        domain, scope, devices, isAdded: false, "so it may take a device again that the definition loses now");

    // The title does not name the devices: when the guards are asked between two steps, the definition has changed for some of them.
    private static ValueList<Finding> Find(ILibvirtDomain domain, AssignmentScope scope, ValueList<PciAddress> devices, bool isAdded, string consequence)
    {
        if (scope == AssignmentScope.Live || domain.IsActive() || !domain.IsPersistent())
        {
            return [];
        }

        var definition = domain.GetXml(DomainXmlOptions.Inactive);
        ValueList<PciAddress> changed = [.. devices.Where(device => DomainXml.Asks(definition, device) != isAdded)];
        if (changed.IsEmpty)
        {
            return [];
        }

        var (name, source) = (domain.Name, $"virsh dominfo {domain.Name}");
        var isSaved = Ask(domain, source);
        return isSaved is { IsKnown: true, Value: false } ? []
            : isSaved.IsUnknown ? [FindingFactory.Undetermined(changed, FindingIds.DomainManagedSave, $"whether {name} has a managed save image", isSaved) with
            {
                Remedy = $"make the plan again when libvirt answers {source}; if it shows no managed save image, the finding can be accepted",
            }]
            : [FindingFactory.Of(
                changed,
                FindingIds.DomainManagedSave,
                FindingSeverity.Error,
                $"the next start of {name} restores its managed save image with the devices that it had then, {consequence}",
                $"start {name} (virsh start {name}) and make the plan again, or remove the image (virsh managedsave-remove {name}), with which the guest loses what is only in its memory",
                new Evidence(source, "Managed save: yes"))];
    }

    private static Fact<bool> Ask(ILibvirtDomain domain, string source)
    {
        try
        {
            return Fact.Known(domain.HasManagedSaveImage(), source);
        }
        catch (LibvirtException e) when (e.Code != LibvirtErrorCode.NoDomain)
        {
            return Fact.Unknown<bool>(source, e.NativeMessage);
        }
    }
}
