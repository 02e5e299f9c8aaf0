using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Plugs the device into the running domain.</summary>
internal sealed class AttachLive : AssignmentStep
{
    public override PlanStepKind Kind => PlanStepKind.AttachLive;

    public override bool GivesToDomain => true;

    public override bool ChangesDriver => true;

    public override bool TakesDevice => true;

    public override string ElementOf(AssignedDevice device) => device.ElementInGuest;

    public override bool IsNeeded(AssignedDevice device, AssignmentFacts facts) => facts.ChangesGuest && !DomainXml.Takes(facts.Live, device.Address);

    public override StepWords Describe(AssignedDevice device, AssignmentFacts facts) => new(
        $"take {device.Address} from {device.Driver ?? "no driver"} and plug it into the running {facts.Domain.Name}",
        "unplug it and wait until the guest has released it",
        $"attach-device {facts.Domain.Name} DEVICE.xml --live");

    public override Task ApplyAsync(StepContext context, CancellationToken cancellationToken) => AttachAsync(context, cancellationToken);

    public override Task UndoAsync(StepContext context) => DetachLive.DetachAsync(context, CancellationToken.None);

    /// <summary>Attaches the device and verifies that the running domain owns it.</summary>
    internal static async Task AttachAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.Domain.RunAsync(
            $"attach {context.Device.Address} to the running {context.Domain.Name}",
            domain => domain.AttachLive(context.Device.ElementInGuest),
            cancellationToken).ConfigureAwait(false);
        if (!await context.Domain.HasLiveAsync(context.Device.Address, cancellationToken).ConfigureAwait(false))
        {
            throw new PassthroughException(
                $"libvirt attached {context.Device.Address} to {context.Domain.Name}, but the running domain does not contain it; see libvirt's log");
        }
    }
}
