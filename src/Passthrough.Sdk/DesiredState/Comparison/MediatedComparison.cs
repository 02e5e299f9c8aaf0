using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Compares a mediated device and its definition.</summary>
internal static class MediatedComparison
{
    public static void Compare(StateComparison comparison, MediatedDeviceState item)
    {
        var status = comparison.Facts.Snapshot.System.MediatedDevices;
        if (status.Devices.IsUnknown)
        {
            comparison.Tell(FindingFactory.UndeterminedOfHost(FindingIds.StateMediatedDeviceMissing, $"whether the mediated device {item.Uuid:D} exists", status.Devices, FindingSeverity.Warning));
        }
        else if (status.Definitions.IsUnknown && (item.IsAbsent || item.StartsAtBoot))
        {
            comparison.Tell(FindingFactory.UndeterminedOfHost(FindingIds.StateNotPersistent, $"whether the mediated device {item.Uuid:D} is defined", status.Definitions, FindingSeverity.Warning));
        }
        else if (item.IsAbsent)
        {
            CompareAbsent(comparison, status, item);
        }
        else
        {
            ComparePresent(comparison, status, item);
        }
    }

    private static void CompareAbsent(StateComparison comparison, MediatedDeviceStatus status, MediatedDeviceState item)
    {
        var device = status.FindDevice(item.Uuid);
        var definitions = status.FindDefinitions(item.Uuid);
        foreach (var unread in status.UnreadDefinitions.Where(file => Path.GetFileName(file.Path) == item.Uuid.ToString("D")))
        {
            comparison.Tell(FindingFactory.UndeterminedOfHost(
                FindingIds.StateNotPersistent, $"whether the mediated device {item.Uuid:D} is defined", Fact.Unknown<string>(unread.Path, unread.Reason), FindingSeverity.Warning) with
            {
                Remedy = $"correct {unread.Path}, or remove it",
            });
        }

        if (device is not null || !definitions.IsEmpty)
        {
            comparison.Owe(
                Of(FindingIds.StateMediatedDeviceDiffers, FindingSeverity.Warning, device?.Parent ?? definitions[0].Parent,
                    $"the mediated device {item.Uuid:D} {(device is null ? "is defined" : "exists")}, and should not",
                    StateRemedy.Apply($"passthrough mdev remove {item.Uuid:D} --undefine"),
                    device is null ? new(definitions[0].Path, "present") : new($"{MediatedDeviceReader.Devices}/{item.Uuid:D}", "present")),
                new(StateAction.RemoveMediatedDevice) { Mediated = item });
        }
    }

    private static void ComparePresent(StateComparison comparison, MediatedDeviceStatus status, MediatedDeviceState item)
    {
        var (demand, create) = (new StateDemand(StateAction.CreateMediatedDevice) { Mediated = item }, $"passthrough mdev create {item.Parent} {item.Type} --uuid {item.Uuid:D}{(item.StartsAtBoot ? " --autostart" : "")}");
        var (file, device) = ($"{MediatedDeviceReader.Devices}/{item.Uuid:D}", status.FindDevice(item.Uuid));
        if (device is null)
        {
            comparison.Owe(
                Of(FindingIds.StateMediatedDeviceMissing, FindingSeverity.Warning, item.Parent, $"the mediated device {item.Uuid:D} of the type {item.Type} on {item.Parent} does not exist", StateRemedy.Apply(create), new(file, "absent")),
                demand);
        }
        else if ((device.Parent ?? item.Parent) != item.Parent || (device.Type ?? item.Type) != item.Type)
        {
            // Another type is another device, which somebody may use.
            comparison.Tell(Of(
                FindingIds.StateMediatedDeviceDiffers, FindingSeverity.Error, device.Parent,
                $"the mediated device {item.Uuid:D} has the type {device.Type ?? "unknown"} on {device.Parent ?? "an unknown parent"}, and should have {item.Type} on {item.Parent}",
                $"choose another UUID, or remove the device when nobody uses it: passthrough mdev remove {item.Uuid:D}",
                new(file, $"{device.Type ?? "unknown"} on {device.Parent ?? "unknown"}")));
            return;
        }
        else if (device.Parent is null || device.Type is null)
        {
            comparison.Tell(FindingFactory.Undetermined(
                PciAddress.TryParse(item.Parent, out var parent) ? [parent] : [],
                FindingIds.StateMediatedDeviceDiffers,
                $"whether the mediated device {item.Uuid:D} has the type {item.Type} on {item.Parent}",
                Fact.Unknown<string>(file, "its parent or its type cannot be read")));
            return;
        }

        if (item.StartsAtBoot && !status.FindDefinitions(item.Uuid).Any(definition => definition.IsAutomatic && definition.Parent == item.Parent && definition.Type == item.Type))
        {
            comparison.Owe(
                Of(FindingIds.StateNotPersistent, FindingSeverity.Warning, item.Parent, $"the mediated device {item.Uuid:D} is not created at every boot", StateRemedy.Apply(create), new(MediatedDefinitionFile.PathOf(item.Parent!, item.Uuid), "absent, or not automatic, or of another type")),
                demand);
        }
    }

    private static Finding Of(string id, FindingSeverity severity, string? parent, string title, string remedy, Evidence evidence) =>
        FindingFactory.Of(PciAddress.TryParse(parent, out var address) ? [address] : [], id, severity, title, remedy, evidence);
}
