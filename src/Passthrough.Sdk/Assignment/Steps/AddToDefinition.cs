using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Adds the device to the domain's persistent definition.</summary>
internal sealed class AddToDefinition : AssignmentStep
{
    public override PlanStepKind Kind => PlanStepKind.AddToDefinition;

    public override bool GivesToDomain => true;

    public override bool ChangesDefinitionOnly => true;

    public override string ElementOf(AssignedDevice device) => device.DeviceXml;

    public override bool IsNeeded(AssignedDevice device, AssignmentFacts facts) =>
        facts.ChangesDefinition && (!DomainXml.Takes(facts.Definition, device.Address) || (facts.IsDefined(device) && Unnoted(facts).Any())); // not for arguments for QEMU

    private static string PlaceIn(AssignedDevice device) => DomainXml.GuestAddressOf(device.DeviceXml) is { } place ? $" at {place} of the guest" : "";

    // A domain that had the device before the finding was overruled: the guards that are asked at its starts must know.
    private static IEnumerable<string> Unnoted(AssignmentFacts facts) =>
        facts.Overruled.IsEmpty ? [] : facts.Overruled.Except(AcceptedFindings.Read(facts.Definition));

    public override StepWords Describe(AssignedDevice device, AssignmentFacts facts) => DomainXml.Takes(facts.Definition, device.Address)
        ? new(
            $"note in the definition of {facts.Domain.Name} that {string.Join(", ", Unnoted(facts))} is accepted",
            "restore the previous definition",
            $"metadata {facts.Domain.Name} --config --uri {AcceptedFindings.NamespaceUri} --key {AcceptedFindings.Prefix} --set {ShellArgument.Of(AcceptedFindings.Write([.. AcceptedFindings.Read(facts.Definition).Union(facts.Overruled)])!)}")
        : new(
        $"add {device.Address} to the definition of {facts.Domain.Name}{PlaceIn(device)}",
        "restore the previous definition",
        $"attach-device {facts.Domain.Name} DEVICE.xml --config");

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellationToken)
    {
        await AddAsync(context, context.Device.DeviceXml, cancellationToken).ConfigureAwait(false);
        if (!DomainXml.Asks(await context.Definition.MarkAsync(context.Domain, cancellationToken).ConfigureAwait(false), context.Device.Address))
        {
            throw new PassthroughException(
                $"libvirt accepted {context.Device.Address} for {context.Domain.Name}, but the definition does not contain it; see libvirt's log");
        }
    }

    public override Task UndoAsync(StepContext context) =>
        context.Definition.RestoreAsync(context.Domain, context.Begun, () => WasThere(context.Definition.Before, context.Device.Address)
            ? Task.CompletedTask // only what is accepted was noted
            : RemoveFromDefinition.RemoveAsync(context, CancellationToken.None));

    /// <summary>Whether the definition had the device before the plan, which then only notes in it what is accepted.</summary>
    internal static bool WasThere(string before, PciAddress device) => before.Length > 0 && DomainXml.Asks(before, device);

    /// <summary>Adds the device unless the definition has it already.</summary>
    internal static Task AddAsync(StepContext context, string deviceXml, CancellationToken cancellationToken) => context.Domain.RunAsync(
        $"add {context.Device.Address} to the definition of {context.Domain.Name}",
        domain =>
        {
            if (!DomainXml.Asks(domain.ReadDefinition(), context.Device.Address))
            {
                domain.AddToDefinition(deviceXml);
            }

            var accepted = AcceptedFindings.Read(domain.ReadDefinition());
            if (context.Accepted.Any(id => !accepted.Contains(id)))
            {
                domain.SetAccepted([.. accepted.Union(context.Accepted)]);
            }
        },
        cancellationToken);
}
