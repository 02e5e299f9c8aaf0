using System.Globalization;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a missing node of a device that VFIO drives, as in a container to which it was not passed.</summary>
internal sealed class VfioDeviceNode : IReadinessRule
{
    /// <summary>Gets no descriptions: the finding has the same id as <see cref="VfioNode"/>, which describes it.</summary>
    public ValueList<FindingDescription> Describes => [];

    public ValueList<string> ExplainedBy { get; } = [FindingIds.VfioNodeMissing];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var (vfio, container) = (context.System.Vfio, context.System.Environment.Container.Value);
        if (!context.NeedsVfio || context.IsDom0 || vfio.Container.IsUnknown || vfio.Devices.IsUnknown)
        {
            yield break;
        }

        foreach (var device in context.Devices)
        {
            var names = context.System.Usage[device.Address].VfioDevices;
            foreach (var name in names.IsKnown ? names.Value : [])
            {
                var node = $"/dev/vfio/devices/{name}";
                if (vfio.Devices.IsKnown && vfio.Devices.Value.Any(there => there.Path == node))
                {
                    continue;
                }

                // The older interface uses the group's node and does not need this one.
                var group = device.IommuGroupId is { } id ? string.Create(CultureInfo.InvariantCulture, $"/dev/vfio/{id}") : null;
                var hasGroup = vfio.Groups.IsKnown && vfio.Groups.Value.Any(there => there.Path == group);
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.VfioNodeMissing,
                    hasGroup ? FindingSeverity.Warning : FindingSeverity.Error,
                    $"{node} of {device.Address} does not exist, although the kernel has the device {name}"
                    + (hasGroup ? ": a domain that uses IOMMUFD cannot open it" : $", and the node of its group{(group is null ? "" : $", {group},")} does not exist either"),
                    (container is null ? $"pass the node {node} to the container of libvirt's daemon, or start udev" : $"start the container ({container}) with {node}")
                    + (hasGroup ? "; or do not use IOMMUFD (no <iommufd> in the domain), because the group's node exists" : ""),
                    new Evidence(node, "absent"),
                    new Evidence($"/sys/bus/pci/devices/{device.Address}/vfio-dev/{name}", "present"));
            }
        }
    }
}
