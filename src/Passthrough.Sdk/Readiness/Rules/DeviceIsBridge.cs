namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>A bridge cannot be given away.</summary>
internal sealed class DeviceIsBridge : IReadinessRule
{
    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(HostDrivers.IsBridge))
        {
            yield return FindingFactory.Of(
                FindingIds.DeviceIsBridge,
                FindingSeverity.Error,
                $"{device.Address} is a bridge; only endpoints can be given to a guest",
                "choose a function behind it",
                new Evidence($"/sys/bus/pci/devices/{device.Address}/class", $"0x{device.ClassCode}"));
        }
    }
}
