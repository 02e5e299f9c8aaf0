using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a physical function with virtual functions, which disappear when its driver releases it.</summary>
internal sealed class DeviceHasVirtualFunctions : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHasActiveVirtualFunctions,
            Severity = FindingSeverity.Error,
            Title = "the device has virtual functions, which disappear with it",
            Meaning =
                "A physical function creates its virtual functions. When its driver releases it, they disappear, even if guests "
                + "own them or the host uses their interfaces. If a running domain owns one, the start of another domain with the "
                + "physical function fails with: Path '/dev/vfio/N' is not accessible.",
            Detection = "The virtual functions that belong to the device: the links physfn and virtfnN of /sys/bus/pci/devices.",
            Remedy =
                "Assign a virtual function instead; that is their purpose. Or remove them first: echo 0 > "
                + "/sys/bus/pci/devices/ADDRESS/sriov_numvfs.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => !device.VirtualFunctions.IsEmpty))
        {
            yield return FindingFactory.Of(
                [device.Address],
                FindingIds.DeviceHasActiveVirtualFunctions,
                FindingSeverity.Error,
                $"{device.Address} has {device.VirtualFunctions.Count} virtual functions, which disappear when it is assigned",
                $"assign a virtual function instead, or remove them first: echo 0 > /sys/bus/pci/devices/{device.Address}/sriov_numvfs",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/sriov_numvfs", string.Join(' ', device.VirtualFunctions)));
        }
    }
}
