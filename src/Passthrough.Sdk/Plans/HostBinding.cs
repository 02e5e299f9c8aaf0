namespace Passthrough.Sdk.Plans;

/// <summary>What a device is bound to on the host: its driver, and the driver that is asked for.</summary>
/// <param name="Driver">The driver's name; null where no driver is bound.</param>
/// <param name="DriverOverride">What <c>driver_override</c> holds; null where it holds nothing.</param>
/// <remarks>Source: /sys/bus/pci/devices/ADDRESS. Thread safety: immutable.</remarks>
public sealed record HostBinding(string? Driver, string? DriverOverride)
{
    /// <summary><c>e1000e</c>, <c>no driver</c>, <c>vfio-pci with driver_override vfio-pci</c>.</summary>
    public override string ToString() => $"{Driver ?? "no driver"}{(DriverOverride is null ? "" : $" with driver_override {DriverOverride}")}";
}
