using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports mediated types of a device that have no free instance.</summary>
internal sealed class MediatedInstances : IReadinessRule
{
    /// <summary>Gets no descriptions: the finding is described with the errors that it causes.</summary>
    public ValueList<FindingDescription> Describes => [];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => device.Details?.MediatedDeviceTypes.IsEmpty == false))
        {
            var types = device.Details!.MediatedDeviceTypes;
            var used = types.Where(type => type.AvailableInstances == 0).ToList();
            if (used.Count == 0)
            {
                continue;
            }

            var devices = types.SelectMany(type => type.Instances).ToList();
            yield return FindingFactory.Of(
                [device.Address],
                FindingIds.MediatedDeviceNoInstance,
                used.Count == types.Count ? FindingSeverity.Warning : FindingSeverity.Info,
                used.Count == types.Count
                    ? $"{device.Address} has no free instance of any mediated type ({string.Join(", ", used.Select(type => type.Id))})"
                    : $"{device.Address} has no free instance of the mediated types {string.Join(", ", used.Select(type => type.Id))}; other types have some",
                devices.Count > 0
                    ? $"remove a mediated device that is not needed (echo 1 > /sys/bus/mdev/devices/{devices[0]}/remove), or choose another type"
                    : "increase the resources of the device (for Intel GVT-g a larger aperture in the firmware's set-up; for others their licence and driver), or choose another type",
                [.. used.Select(type => new Evidence($"/sys/bus/pci/devices/{device.Address}/mdev_supported_types/{type.Id}/available_instances", "0"))]);
        }
    }
}
