namespace Passthrough.Sdk.Plans;

/// <summary>The binding of a device on the host: its driver, and the driver that is requested for it.</summary>
/// <param name="Driver">The driver's name; null if no driver is bound.</param>
/// <param name="DriverOverride">The content of <c>driver_override</c>; null if it is empty.</param>
/// <remarks>Source: /sys/bus/pci/devices/ADDRESS. Thread safety: immutable.</remarks>
public sealed record HostBinding(string? Driver, string? DriverOverride)
{
    /// <summary>Returns a text such as <c>e1000e</c>, <c>no driver</c>, or <c>vfio-pci with driver_override vfio-pci</c>.</summary>
    public override string ToString() => $"{Driver ?? "no driver"}{(DriverOverride is null ? "" : $" with driver_override {DriverOverride}")}";
}
