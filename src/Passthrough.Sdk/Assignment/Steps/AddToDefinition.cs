namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Adds the device to the domain's persistent definition.</summary>
internal sealed class AddToDefinition : IStepAction
{
    public Task ApplyAsync(StepContext context, CancellationToken cancellationToken)
    {
        Add(context);
        return DomainXml.Asks(context.Definition.Mark(context.Domain), context.Device.Address)
            ? Task.CompletedTask
            : throw new PassthroughException(
                $"libvirt accepted {context.Device.Address} for {context.Domain.Name}, yet the definition does not list it; see libvirt's log");
    }

    public Task UndoAsync(StepContext context)
    {
        context.Definition.Restore(context.Domain, () => RemoveFromDefinition.Remove(context));
        return Task.CompletedTask;
    }

    /// <summary>Adds the device unless the definition has it already.</summary>
    internal static void Add(StepContext context)
    {
        if (!DomainXml.Asks(context.Domain.ReadDefinition(), context.Device.Address))
        {
            context.Domain.AddToDefinition(context.Device.DeviceXml);
        }
    }
}
