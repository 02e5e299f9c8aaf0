using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Removes the device from the domain's persistent definition.</summary>
internal sealed class RemoveFromDefinition : AssignmentStep
{
    public override PlanStepKind Kind => PlanStepKind.RemoveFromDefinition;

    public override bool ChangesDefinitionOnly => true;

    public override bool IsNeeded(AssignedDevice device, AssignmentFacts facts) => facts.ChangesDefinition && DomainXml.Asks(facts.Definition, device.Address);

    public override StepWords Describe(AssignedDevice device, AssignmentFacts facts) => new(
        $"remove {device.Address} from the definition of {facts.Domain.Name}",
        "restore the previous definition",
        $"detach-device {facts.Domain.Name} DEVICE.xml --config");

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await RemoveAsync(context, cancellationToken).ConfigureAwait(false);
        if (DomainXml.Asks(await context.Definition.MarkAsync(context.Domain, cancellationToken).ConfigureAwait(false), context.Device.Address))
        {
            throw new PassthroughException(
                $"libvirt removed {context.Device.Address} from {context.Domain.Name}, but the definition still contains it; see libvirt's log");
        }
    }

    public override Task UndoAsync(StepContext context) =>
        context.Definition.RestoreAsync(context.Domain, context.Begun, () => AddToDefinition.AddAsync(
            context, DomainXml.StoredOf(context.Device.Address, context.Definition.Before), CancellationToken.None));

    /// <summary>Removes the device if the definition has it.</summary>
    internal static Task RemoveAsync(StepContext context, CancellationToken cancellationToken) => context.Domain.RunAsync(
        $"remove {context.Device.Address} from the definition of {context.Domain.Name}",
        domain =>
        {
            // A definition can name a device more than once: by two disks, or by a disk and a host device.
            var definition = domain.ReadDefinition();
            for (var left = DomainXml.CountOf(definition, context.Device.Address); left > 0 && DomainXml.Asks(definition, context.Device.Address); left--)
            {
                domain.RemoveFromDefinition(DomainXml.ElementOf(context.Device.Address, definition));
                definition = domain.ReadDefinition();
            }

            // What was accepted concerned devices, and the last one is gone.
            if (DomainDocument.Parse(definition).PciAddresses.IsEmpty && !AcceptedFindings.Read(definition).IsEmpty)
            {
                domain.SetAccepted([]);
            }
        },
        cancellationToken);
}
