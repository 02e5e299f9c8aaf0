using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Binds the device to VFIO ahead of the attach, so that a driver that will not let go is found before the guest is touched.</summary>
internal sealed class DetachFromHost : IStepAction
{
    public Task ApplyAsync(StepContext context, CancellationToken cancellationToken)
    {
        context.Domain.DetachFromHost(context.Device.Address);
        return context.Drivers.WaitAsync(
            context.Device.Address, HostDrivers.IsForGuests, "bound to a driver for guests", context.Options.DriverTimeout, cancellationToken);
    }

    public Task UndoAsync(StepContext context) => ReturnToHost.ReturnAsync(context, CancellationToken.None);
}
