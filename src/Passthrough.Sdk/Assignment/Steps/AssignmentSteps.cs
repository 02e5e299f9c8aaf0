using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>The kinds of steps, in the order of a plan. A new kind is added here and named in PlanStepKind; the engine, the journal and the undo need no change.</summary>
/// <remarks>All devices go through one kind before the next begins, as libvirt does it.</remarks>
internal static class AssignmentSteps
{
    private static readonly ValueList<AssignmentStep> Assign = [new DetachFromHost(), new AddPorts(), new AddToDefinition(), new AttachLive()];

    private static readonly ValueList<AssignmentStep> Release = [new DetachLive(), new RemoveFromDefinition(), new ReturnToHost()];

    /// <summary>The kind of a step of a plan or of the journal.</summary>
    public static AssignmentStep For(PlanStep step) =>
        Assign.Concat(Release).FirstOrDefault(kind => kind.Kind == step.Kind)
            ?? throw new PassthroughException($"plans for domains have no step '{step.Kind}'; a newer version wrote the journal");

    /// <summary>The steps that a plan needs.</summary>
    /// <remarks>Devices with a place in the guest come first: libvirt would give it to one for which it chooses the place.</remarks>
    public static ValueList<PlanStep> Of(PlanKind plan, ValueList<AssignedDevice> devices, AssignmentFacts facts)
    {
        var needed =
            from kind in plan == PlanKind.Assign ? Assign : Release
            from device in devices.OrderBy(device => HasNoPlace(kind.ElementOf(device)))
            where kind.IsNeeded(device, facts)
            select (kind.Kind, device.Address, Words: kind.Describe(device, facts));
        return
        [
            .. needed.Select((step, i) => new PlanStep(
                i + 1, step.Kind, step.Address, step.Words.Description, step.Words.Undo, $"virsh -c {facts.Domain.Connection} {step.Words.Command}")),
        ];
    }

    private static bool HasNoPlace(string? element) => element is not null && DomainXml.GuestAddressOf(element) is null;
}
