using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that does not respond.</summary>
internal sealed class DeviceUnresponsive : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceUnresponsive,
            Severity = FindingSeverity.Error,
            Title = "the device does not respond: its configuration space reads as all ones",
            Meaning =
                "The device has hung since its last guest or a reset, has lost its power, or was removed. libvirt says: Unknown "
                + "PCI header type '127'; the kernel: Unable to change power state from D3cold to D0, device inaccessible, or: not "
                + "ready 65535ms after FLR; giving up.",
            Detection =
                "The first 64 bytes of config in /sys/bus/pci/devices, which every user may read: all 0xff, or a header type of "
                + "127. A device that is powered off (D3cold) is not woken up for this.",
            Remedy =
                "Power the machine off and on; a reboot alone does not always help. To prevent it: keep the device out of D3cold "
                + "(d3cold_allowed 0, power/control on), let guests shut down, and look for a module that can reset the model "
                + "(vendor-reset).",
        },
    ];

    private const int HeaderType = 0x0e;

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => device.Details?.Configuration is { } space && DoesNotAnswer(space)))
        {
            yield return FindingFactory.Of(
                [device.Address],
                FindingIds.DeviceUnresponsive,
                FindingSeverity.Error,
                $"{device.Address} does not respond: its configuration space reads as all ones",
                "power the machine off and on; if the device responds again, keep it out of D3cold: echo 0 > d3cold_allowed, echo on > power/control",
                [
                    new Evidence($"/sys/bus/pci/devices/{device.Address}/config", "ff ff ff ff ..."),
                    .. device.Details!.Power.State is { } state ? (Evidence[])[new($"/sys/bus/pci/devices/{device.Address}/power_state", state)] : [],
                ]);
        }
    }

    // By specification, a virtual function has ffff as its vendor, but not a header type of 127.
    private static bool DoesNotAnswer(PciConfigurationSpace space) =>
        space.IsUnresponsive || (space.Bytes.Length > HeaderType && (space.Bytes.Span[HeaderType] & 0x7f) == 0x7f);
}
