using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that two files configure for every boot.</summary>
internal sealed class PersistenceConflict : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.PersistenceConflict,
            Severity = FindingSeverity.Warning,
            Title = "two files configure the same device for every boot",
            Meaning =
                "Which of them decides depends on the order in which udev and the services read them. If one is removed, the other "
                + "still binds the device.",
            Detection =
                "The addresses in the rule files of this library, in /etc/driverctl.d and in Unraid's /boot/config/vfio-pci.cfg are compared.",
            Remedy = "Keep one of the files. To remove an override of driverctl: driverctl unset-override ADDRESS.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var pair in PersistenceChecks.Of(context).Where(check => !check.Others.IsEmpty).GroupBy(check => (check.Device.Address, check.Device.Driver is null)))
        {
            var devices = pair.Select(check => check.Device).ToList();
            var address = pair.Key.Address;
            yield return FindingFactory.Of(
                [address],
                FindingIds.PersistenceConflict,
                FindingSeverity.Warning,
                $"{devices.Count} files configure {address} for every boot: {string.Join(" and ", devices.Select(device => $"{device.File} ({Wants(device)})"))}",
                "keep one of them: " + string.Join(", or ", devices.Select(RemovalOf).Distinct()),
                [.. devices.Select(device => new Evidence(device.File, Wants(device)))]);
        }
    }

    private static string Wants(PersistentDevice device) =>
        device.Driver is { } driver ? $"driver {driver}" : FormattableString.Invariant($"{device.VirtualFunctionCount} virtual functions");

    /// <summary>Returns the way to end what a file configures.</summary>
    public static string RemovalOf(PersistentDevice device) => device.Origin switch
    {
        PersistenceOrigin.Driverctl => $"driverctl unset-override {device.Address}",
        PersistenceOrigin.Unraid => $"remove {device.Address} from BIND= in {device.File}",
        _ => $"delete {device.File} and run udevadm control --reload",
    };
}
