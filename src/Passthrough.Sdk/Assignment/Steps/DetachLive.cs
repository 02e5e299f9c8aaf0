using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Unplugs the device from the running domain and waits until the guest has released it.</summary>
internal sealed class DetachLive : AssignmentStep
{
    public override PlanStepKind Kind => PlanStepKind.DetachLive;

    public override bool TakesFromGuest => true;

    public override bool IsNeeded(AssignedDevice device, AssignmentFacts facts) => facts.ChangesGuest && DomainXml.Asks(facts.Live, device.Address);

    public override StepWords Describe(AssignedDevice device, AssignmentFacts facts) => new(
        $"unplug {device.Address} from the running {facts.Domain.Name} and wait until the guest has released it",
        "plug it in again",
        $"detach-device {facts.Domain.Name} DEVICE.xml --live");

    // The guest was asked to let go, and nothing takes that back.
    public override bool MayStillHappen(Exception error) => error is OperationCanceledException || error.InnerException is TimeoutException;

    public override Task ApplyAsync(StepContext context, CancellationToken cancellationToken) => DetachAsync(context, cancellationToken);

    public override async Task UndoAsync(StepContext context)
    {
        var isMissing = await context.Domain.RunAsync(
            $"describe the running {context.Domain.Name}",
            domain => domain.IsRunning && !DomainXml.Asks(domain.ReadLive(), context.Device.Address),
            CancellationToken.None).ConfigureAwait(false);
        if (isMissing)
        {
            // The device came back to the host, which may use it meanwhile.
            await HostState.RefuseUsedAsync(context, CancellationToken.None).ConfigureAwait(false);
            await TakeGroupAsync(context).ConfigureAwait(false);
            await AttachLive.AttachAsync(context, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // QEMU opens a group only if no driver of the host has a device of it, and the guest may have released others of the group as well.
    private static async Task TakeGroupAsync(StepContext context)
    {
        foreach (var mate in context.GroupMates().Where(mate => HostDrivers.IsInUseByHost(context.Drivers.Read(mate.Address))))
        {
            var ofMate = context with { Device = mate };
            await HostState.RefuseUsedAsync(ofMate, CancellationToken.None).ConfigureAwait(false);
            await DetachFromHost.BindAsync(ofMate, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Unplugs the device unless it was already removed.</summary>
    internal static async Task DetachAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (domain, device) = (context.Domain, context.Device);
        if (!await domain.HasLiveAsync(device.Address, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            await domain.RunWithGuestAsync(
                $"unplug {device.Address} from the running {domain.Name}",
                d => d.DetachLiveAsync(ElementIn(d, device), device.Address, context.Options.UnplugTimeout, cancellationToken),
                context.Options.UnplugTimeout,
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new PassthroughException(
                $"the guest {domain.Name} did not release {device.Address} within {context.Options.UnplugTimeout.TotalSeconds:0.#} s: "
                + "its operating system does not answer the unplug request (not started yet, hung, or without hot-plug support); "
                + "the request remains pending, and the guest may still release the device later; shut the guest down, then release the device",
                e);
        }
    }

    // The element that the guest has: libvirt finds an interface by the MAC address that it has there, and may have got there only.
    private static string ElementIn(IAssignmentDomain domain, AssignedDevice device) =>
        domain.IsRunning && domain.ReadLive() is var live && DomainXml.Asks(live, device.Address)
            ? DomainXml.ElementOf(device.Address, live)
            : device.ElementInGuest;
}
