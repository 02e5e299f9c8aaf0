using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports mediated devices that are defined to be created at boot and do not exist, with the reason if the host shows it.</summary>
internal sealed class MediatedDefinitions : IReadinessRule
{
    private const int MostLines = 3;

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.MediatedDeviceNotStarted,
            Severity = FindingSeverity.Warning,
            Title = "a mediated device that is defined to be created at boot does not exist",
            Meaning =
                "mdevctl creates the device as soon as its parent appears. If the parent's driver refuses it, mdevctl only writes a "
                + "line to the system's log, and a guest with the device does not start: mediated device 'UUID' not found.",
            Detection =
                "The definitions with start auto in /etc/mdevctl.d are compared with /sys/bus/mdev/devices, the parent's types and "
                + "their free instances; lines of the kernel's log that name the device or its parent are added. Nothing is "
                + "reported if these files cannot be read.",
            Remedy =
                "Create it and read the error (mdevctl start --uuid UUID --parent PARENT). Load the parent's driver if the parent does "
                + "not exist, remove a device that is not needed if no instance is left, or remove the definition (mdevctl undefine).",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var status = context.System.MediatedDevices;
        if (!status.Definitions.IsKnown || status.Devices.IsUnknown || status.Parents.IsUnknown)
        {
            yield break;
        }

        foreach (var definition in status.Definitions.Value.Where(definition => definition.IsAutomatic && IsAsked(context, definition)))
        {
            if (status.FindDevice(definition.Uuid) is null)
            {
                yield return Finding(context, status, definition);
            }
        }
    }

    private static bool IsAsked(ReadinessContext context, MediatedDefinition definition) =>
        context.Addresses.IsEmpty || context.Addresses.Any(address => address.ToString() == definition.Parent);

    private static Finding Finding(ReadinessContext context, MediatedDeviceStatus status, MediatedDefinition definition)
    {
        var (parent, type) = (status.FindParent(definition.Parent), status.FindParent(definition.Parent)?.FindType(definition.Type));
        var (why, remedy) = parent switch
        {
            null => ($"the host has no device {definition.Parent} that creates mediated devices",
                $"load the driver of {definition.Parent}, then create the device ({Start(definition)}); if that device was removed for good, remove the definition (mdevctl undefine --uuid {definition.Uuid:D} --parent {ShellArgument.Of(definition.Parent)})"),
            _ when type is null && parent.Types.IsKnown => ($"{definition.Parent} has no type {definition.Type}",
                $"choose one of its types (mdevctl types), or start the services of the driver's vendor, without which some drivers list no type; then create the device ({Start(definition)})"),
            _ when type is { AvailableInstances: 0 } => ($"no instance of {definition.Type} is left on {definition.Parent}",
                $"remove a mediated device that is not needed (mdevctl list; mdevctl stop --uuid UUID), then create this one ({Start(definition)})"),
            _ => ("its parent exists and has a free instance", $"create it and read the error: {Start(definition)}"),
        };
        return FindingFactory.Of(
            parent?.Address is { } address ? [address] : [],
            FindingIds.MediatedDeviceNotStarted,
            FindingSeverity.Warning,
            $"the mediated device {definition.Uuid:D} ({definition.Type} of {definition.Parent}) is defined to be created at boot and does not exist: {why}",
            remedy,
            [
                new Evidence(definition.Path, "start auto"),
                new Evidence($"{MediatedDeviceReader.Devices}/{definition.Uuid:D}", "absent"),
                .. type is { AvailableInstances: { } free } ? (ValueList<Evidence>)[new($"{MediatedDeviceReader.Parents}/{definition.Parent}/mdev_supported_types/{definition.Type}/available_instances", free.ToString(CultureInfo.InvariantCulture))] : [],
                .. Logged(context, definition),
            ]);
    }

    private static string Start(MediatedDefinition definition) => $"mdevctl start --uuid {definition.Uuid:D} --parent {ShellArgument.Of(definition.Parent)}";

    // The driver's last words about the device: "mtty: probe of UUID failed with error -28".
    private static IEnumerable<Evidence> Logged(ReadinessContext context, MediatedDefinition definition)
    {
        var log = context.System.Kernel.Log;
        return log.Value is not { } lines ? []
            : lines.Containing(definition.Uuid.ToString("D")).TakeLast(MostLines).Select(line => new Evidence(log.Source, line));
    }
}
