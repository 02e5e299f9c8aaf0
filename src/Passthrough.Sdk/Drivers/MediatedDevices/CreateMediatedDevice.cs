using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Drivers;

/// <summary>The step that creates a mediated device.</summary>
internal sealed class CreateMediatedDevice : ChangeStep
{
    public override PlanStepKind Kind => PlanStepKind.CreateMediatedDevice;

    public override bool NamesSubject => true;

    /// <summary>The change. The UUID is its name; the parent and the type are the value.</summary>
    public static HostChange Of(MediatedParent parent, string type, Guid uuid) =>
        new(PlanStepKind.CreateMediatedDevice, parent.Address, uuid.ToString("D"), Before: null, MediatedPlace.Format(parent.Name, type));

    public override PlanStep Describe(int number, HostChange change)
    {
        var (parent, type) = MediatedPlace.Parse(change.After);
        var uuid = Guid.Parse(change.Name);
        return new(
            number, Kind, change.Device, $"create the mediated device {uuid:D} of the type {type} on {parent}", "remove it",
            MediatedDeviceWriter.CreateCommand(parent, type, uuid));
    }

    public override Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken)
    {
        var (parent, type) = MediatedPlace.Parse(change.After);
        var uuid = Guid.Parse(change.Name);
        return new MediatedDeviceWriter(context.Sysfs, context.Time).CreateAsync(parent, type, uuid, context.Options.MediatedDeviceTimeout, cancellationToken);
    }

    public override Task UndoAsync(HostChange change, ChangeContext context) => MediatedUndo.RemoveAsync(Guid.Parse(change.Name), change.After, context);
}
