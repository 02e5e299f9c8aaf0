namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>The device is a physical function and its virtual functions are there; they vanish when its driver lets go.</summary>
internal sealed class DeviceHasVirtualFunctions : IReadinessRule
{
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
