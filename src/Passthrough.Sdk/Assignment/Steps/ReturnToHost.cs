using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Gives the device back to the host's driver.</summary>
internal sealed class ReturnToHost : IStepAction
{
    public Task ApplyAsync(StepContext context, CancellationToken cancellationToken) => ReturnAsync(context, cancellationToken);

    /// <summary>Nothing to do: attaching the device again, which is undone next, binds a managed device by itself.</summary>
    public Task UndoAsync(StepContext context) => Task.CompletedTask;

    /// <summary>Returns the device unless it is back already: a managed device comes back by itself when the guest lets go.</summary>
    internal static Task ReturnAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (address, original, _) = context.Device;
        var drivers = context.Drivers;
        if (HostDrivers.IsForGuests(drivers.Read(address)) && drivers.HasOverride(address))
        {
            context.Domain.ReturnToHost(address);
        }

        return original is null || HostDrivers.IsForGuests(original)
            // Its driver before is not known, or was VFIO by the host's own choice (ids= of vfio-pci): free means no override.
            ? drivers.WaitAsync(
                address, driver => !HostDrivers.IsForGuests(driver) || !drivers.HasOverride(address), "off the driver for guests", context.Options.DriverTimeout, cancellationToken)
            : drivers.WaitAsync(
                address, driver => driver == original, $"back on {original}", context.Options.DriverTimeout, cancellationToken);
    }
}
