namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Removes the device from the domain's persistent definition.</summary>
internal sealed class RemoveFromDefinition : IStepAction
{
    public Task ApplyAsync(StepContext context, CancellationToken cancellationToken)
    {
        Remove(context);
        return DomainXml.Asks(context.Definition.Mark(context.Domain), context.Device.Address)
            ? throw new PassthroughException(
                $"libvirt removed {context.Device.Address} from {context.Domain.Name}, yet the definition still lists it; see libvirt's log")
            : Task.CompletedTask;
    }

    public Task UndoAsync(StepContext context)
    {
        context.Definition.Restore(context.Domain, () => AddToDefinition.Add(context));
        return Task.CompletedTask;
    }

    /// <summary>Removes the device if the definition has it.</summary>
    internal static void Remove(StepContext context)
    {
        if (DomainXml.Asks(context.Domain.ReadDefinition(), context.Device.Address))
        {
            context.Domain.RemoveFromDefinition(context.Device.DeviceXml);
        }
    }
}
