using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports virtual functions that a change of their number removes and creates again, and that somebody has reserved for guests.</summary>
internal sealed class VirtualFunctionSettingsLost : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VirtualFunctionSettingsLost,
            Severity = FindingSeverity.Error,
            Title = "a virtual function would lose the driver that it was reserved for",
            Meaning =
                "The kernel changes the number of virtual functions only by removing all of them. Those that are created again have "
                + "neither their driver_override nor their driver: the driver of the host takes them, and the host may then use an "
                + "interface that was meant for a guest. Settings that the physical function keeps for them (ip link set DEVICE vf N mac "
                + "..., vlan ...) are lost, too, unless this library changes the number: it makes them again.",
            Detection = "driver_override and the driver of every virtual function that the new number creates again: /sys/bus/pci/devices/ADDRESS/driver_override, driver.",
            Remedy =
                "Write the settings down (ip link show DEVICE; cat driver_override), accept the finding by its id, change the number, and "
                + "make the settings again. Or keep the number.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices)
        {
            var (file, name) = device.Details?.DriverOverride is { Length: > 0 } reserved ? ("driver_override", reserved)
                : HostDrivers.IsForGuests(device.Driver) ? ("driver", device.Driver)
                : ("", null);
            if (name is not null)
            {
                var lost = $"{(file == "driver" ? "the driver" : file)} {name}";
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.VirtualFunctionSettingsLost,
                    FindingSeverity.Error,
                    $"{device.Address} is removed and created again by this change, and loses {lost}",
                    $"accept this finding, and afterwards reserve it again (driverctl set-override {device.Address} {name}); or keep the number of virtual functions",
                    new Evidence($"/sys/bus/pci/devices/{device.Address}/{file}", lost));
            }
        }
    }
}
