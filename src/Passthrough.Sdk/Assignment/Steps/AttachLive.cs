namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Plugs the device into the running domain.</summary>
internal sealed class AttachLive : IStepAction
{
    public Task ApplyAsync(StepContext context, CancellationToken cancellationToken)
    {
        Attach(context);
        return Task.CompletedTask;
    }

    public Task UndoAsync(StepContext context) => DetachLive.DetachAsync(context, CancellationToken.None);

    /// <summary>Attaches the device and verifies that the running domain owns it.</summary>
    internal static void Attach(StepContext context)
    {
        context.Domain.AttachLive(context.Device.DeviceXml);
        if (!DomainXml.Asks(context.Domain.ReadLive(), context.Device.Address))
        {
            throw new PassthroughException(
                $"libvirt attached {context.Device.Address} to {context.Domain.Name}, yet the running domain does not list it; see libvirt's log");
        }
    }
}
