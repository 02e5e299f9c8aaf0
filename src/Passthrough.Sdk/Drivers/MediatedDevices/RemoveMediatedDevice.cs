using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Drivers;

/// <summary>The step that removes a mediated device that nobody uses.</summary>
internal sealed class RemoveMediatedDevice : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.RemoveMediatedDevice;

    public override bool NamesSubject => true;

    // The guards are checked again immediately before it: a guest that starts now would lose its device.
    public override bool TakesDevice => true;

    /// <summary>The change. The UUID is its name; the parent and the type are the value.</summary>
    public static HostChange Of(MediatedDevice device) => new(
        PlanStepKind.RemoveMediatedDevice,
        PciAddress.TryParse(device.Parent, out var address) ? address : null,
        device.Uuid.ToString("D"),
        MediatedPlace.Format(device.Parent!, device.Type!),
        After: null);

    public override PlanStep Describe(int number, HostChange change)
    {
        var (parent, type) = MediatedPlace.Parse(change.Before);
        var uuid = Guid.Parse(change.Name);
        return new(
            number, Kind, change.Device, $"remove the mediated device {uuid:D} of the type {type} from {parent}",
            "create it again, with the same UUID; values written to its files are not restored", MediatedDeviceWriter.RemoveCommand(uuid));
    }

    public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        var uuid = Guid.Parse(change.Name);
        MediatedUndo.RefuseUsed(uuid, context);
        return new MediatedDeviceWriter(context.Sysfs, context.Time).RemoveAsync(uuid, context.Options.MediatedDeviceTimeout, cancellationToken);
    }

    public override Task UndoAsync(HostChange change, ChangeContext context) => MediatedUndo.CreateAsync(Guid.Parse(change.Name), change.Before, context);
}
