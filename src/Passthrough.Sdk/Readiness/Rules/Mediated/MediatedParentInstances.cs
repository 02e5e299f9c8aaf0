using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports devices of the host that have no free instance of a mediated type, PCI functions or not, if no particular device is checked.</summary>
internal sealed class MediatedParentInstances : IReadinessRule
{
    /// <summary>Gets no descriptions: the finding is described with the errors that it causes.</summary>
    public ValueList<FindingDescription> Describes => [];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var status = context.System.MediatedDevices;
        foreach (var parent in context.Addresses.IsEmpty && status.Parents.IsKnown ? status.Parents.Value : [])
        {
            if (parent.Types.IsUnknown)
            {
                yield return FindingFactory.UndeterminedOfHost(
                    FindingIds.MediatedDeviceNoInstance, $"whether {parent.Name} has a free instance of a mediated type", parent.Types, FindingSeverity.Warning);
                continue;
            }

            var types = parent.Types.IsKnown ? parent.Types.Value : [];
            var full = types.Where(type => type.AvailableInstances == 0).ToList();
            if (full.Count > 0)
            {
                yield return Finding(parent, full.Count == types.Count, [.. full.Select(type => type.Id)], types.SelectMany(type => type.Instances).FirstOrDefault());
            }
        }
    }

    private static Finding Finding(MediatedParent parent, bool isAll, ValueList<string> full, string? instance) => FindingFactory.Of(
        parent.Address is { } address ? [address] : [],
        FindingIds.MediatedDeviceNoInstance,
        isAll ? FindingSeverity.Warning : FindingSeverity.Info,
        isAll
            ? $"{parent.Name} has no free instance of any mediated type ({string.Join(", ", full)})"
            : $"{parent.Name} has no free instance of the mediated types {string.Join(", ", full)}; other types have some",
        instance is not null
            ? $"remove a mediated device that is not needed (echo 1 > {MediatedDeviceReader.Devices}/{instance}/remove), or choose another type"
            : "increase the resources of the device (see the manual of its driver), or choose another type",
        [.. full.Select(type => new Evidence($"{MediatedDeviceReader.Parents}/{parent.Name}/mdev_supported_types/{type}/available_instances", "0"))]);
}
