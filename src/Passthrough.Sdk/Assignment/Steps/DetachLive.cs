namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Unplugs the device from the running domain and waits until the guest has let go of it.</summary>
internal sealed class DetachLive : IStepAction
{
    public Task ApplyAsync(StepContext context, CancellationToken cancellationToken) => DetachAsync(context, cancellationToken);

    public Task UndoAsync(StepContext context)
    {
        if (context.Domain.IsRunning && !DomainXml.Asks(context.Domain.ReadLive(), context.Device.Address))
        {
            AttachLive.Attach(context);
        }

        return Task.CompletedTask;
    }

    /// <summary>Unplugs the device unless it has gone already.</summary>
    internal static async Task DetachAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (domain, device) = (context.Domain, context.Device);
        if (!domain.IsRunning || !DomainXml.Asks(domain.ReadLive(), device.Address))
        {
            return;
        }

        try
        {
            await domain.DetachLiveAsync(device.DeviceXml, device.Address, context.Options.UnplugTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new PassthroughException(
                $"the guest {domain.Name} did not let go of {device.Address} within {context.Options.UnplugTimeout.TotalSeconds:0.#} s: "
                + "its operating system does not answer the unplug request (not started yet, hung, or without hot-plug support); "
                + "shut the guest down and release the device then",
                e);
        }
    }
}
