using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The device is a physical function and its virtual functions are there; they vanish when its driver lets go.</summary>
internal sealed class DeviceHasVirtualFunctions : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHasActiveVirtualFunctions,
            Severity = FindingSeverity.Error,
            Title = "the device has virtual functions, which go with it",
            Meaning =
                "A physical function makes its virtual ones. When its driver lets go of it they vanish, under the guests that own "
                + "them or the interfaces that the host uses; where a running domain owns one, the start of another with the physical "
                + "function fails with: Path '/dev/vfio/N' is not accessible.",
            Detection = "The virtual functions that name the device as theirs: the links physfn and virtfnN of /sys/bus/pci/devices.",
            Remedy =
                "Give away a virtual function instead; that is what they are for. Or take them away first: echo 0 > "
                + "/sys/bus/pci/devices/ADDRESS/sriov_numvfs.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => !device.VirtualFunctions.IsEmpty))
        {
            yield return FindingFactory.Of(
                FindingIds.DeviceHasActiveVirtualFunctions,
                FindingSeverity.Error,
                $"{device.Address} has {device.VirtualFunctions.Length} virtual functions, which go when it is given away",
                $"give away a virtual function instead, or remove them first: echo 0 > /sys/bus/pci/devices/{device.Address}/sriov_numvfs",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/sriov_numvfs", string.Join(' ', device.VirtualFunctions)));
        }
    }
}
