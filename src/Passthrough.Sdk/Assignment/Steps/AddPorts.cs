using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Adds the PCI controllers to the domain's persistent definition that its devices need, or that are wanted for later.</summary>
internal sealed class AddPorts : AssignmentStep
{
    public override PlanStepKind Kind => PlanStepKind.AddPorts;

    public override bool ChangesDefinitionOnly => true;

    // Once for all devices, so it counts as a step of the first.
    public override bool IsNeeded(AssignedDevice device, AssignmentFacts facts) => !facts.Controllers.IsEmpty && device.Address == facts.First;

    public override StepWords Describe(AssignedDevice device, AssignmentFacts facts) => new(
        $"add {string.Join(", ", facts.Controllers.Select(Name))} to the definition of {facts.Domain.Name}, from its next start on",
        "restore the previous definition",
        $"edit {facts.Domain.Name}");

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.Domain.RunAsync(
            $"add PCI controllers to the definition of {context.Domain.Name}",
            domain =>
            {
                // In the whole definition, because libvirt completes a controller (its chassis, its port) only there.
                var definition = DomainDocument.Parse(domain.ReadDefinition());
                var missing = Missing(definition, context.Controllers);
                if (missing.Count > 0)
                {
                    domain.Define(missing.Aggregate(definition, (document, controller) => document.Add(controller)).ToString());
                }
            },
            cancellationToken).ConfigureAwait(false);
        var missing = Missing(DomainDocument.Parse(await context.Definition.MarkAsync(context.Domain, cancellationToken).ConfigureAwait(false)), context.Controllers);
        if (missing.Count > 0)
        {
            throw new PassthroughException(
                $"libvirt accepted {string.Join(", ", missing.Select(Name))} for {context.Domain.Name}, but the definition does not contain it; see libvirt's log");
        }
    }

    public override Task UndoAsync(StepContext context) => context.Definition.RestoreAsync(context.Domain, context.Begun, () => context.Domain.RunAsync(
        $"remove PCI controllers from the definition of {context.Domain.Name}",
        domain =>
        {
            // Only those that this plan added: the definition before had none with their index. Another program may use the index, or the port, meanwhile.
            foreach (var controller in Missing(DomainDocument.Parse(context.Definition.Before), context.Controllers))
            {
                var definition = DomainDocument.Parse(domain.ReadDefinition());
                if (IsUnused(definition.Settings, controller) && definition.FindPciController(controller.Index) is { } element)
                {
                    domain.RemoveFromDefinition(element);
                }
            }
        },
        CancellationToken.None));

    private static bool IsUnused(DomainSettings settings, PciController controller) =>
        settings.PciControllers.Any(other => other.Index == controller.Index && other.Model == controller.Model
            && (controller.Address is null || other.Address == controller.Address))
        && !settings.PciAddressesInUse.Any(place => place.Domain == 0 && place.Bus == controller.Index);

    private static List<PciController> Missing(DomainDocument definition, ValueList<PciController> controllers)
    {
        var has = definition.Settings.PciControllers;
        return [.. controllers.Where(controller => !has.Any(other => other.Index == controller.Index))];
    }

    private static string Name(PciController controller) => string.Create(CultureInfo.InvariantCulture, $"{controller.Model} {controller.Index}");
}
