using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>Restores the previous driver and <c>driver_override</c> of a device, and verifies both in the kernel's files.</summary>
/// <remarks>
/// libvirt is called first (<c>virsh nodedev-reattach</c>), so that it no longer regards the device as detached. It clears
/// <c>driver_override</c> regardless of its content, and after a restart it may not know the device. What is
/// missing then is written to the kernel's files directly.
/// </remarks>
internal static class HostState
{
    /// <summary>Restores a device that no guest has.</summary>
    /// <exception cref="PassthroughException">It is in use, or could not be restored; the message names the reason and what to do.</exception>
    public static async Task RestoreAsync(StepContext context, HostBinding wanted, CancellationToken cancellationToken)
    {
        var (device, drivers) = (context.Device.Address, context.Drivers);
        if (await drivers.IsSettledAsync(device, wanted, context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false))
        {
            // libvirt was quicker; it leaves the address in pciback's list.
            await drivers.ClearSlotAsync(device, wanted, context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false);
            return;
        }

        PassthroughException? refusal = null;
        var driver = drivers.Read(device);
        if (HostDrivers.IsForGuests(driver) && driver != wanted.Driver)
        {
            await RefuseHeldAsync(context, cancellationToken).ConfigureAwait(false);
            try
            {
                await context.Domain.RunAsync($"return {device} to the host", domain => domain.ReturnToHost(device), cancellationToken).ConfigureAwait(false);
            }
            catch (LibvirtException e) when (e.Code is LibvirtErrorCode.NoNodeDevice or LibvirtErrorCode.NoSupport)
            {
                refusal = e; // it does not know the device; the kernel does. Any other refusal is final: a guest may have the device.
            }
        }

        if (drivers.Read(device) != wanted.Driver)
        {
            await RefuseUsedAsync(context, cancellationToken).ConfigureAwait(false);
        }

        await drivers.RestoreAsync(device, wanted, context.Options.DriverTimeout, cancellationToken).ConfigureAwait(false);
        var now = drivers.ReadBinding(device);
        if (now != wanted)
        {
            throw new PassthroughException(
                $"{device} should be bound to {wanted} as before, but is bound to {now}"
                + (refusal is null ? "" : $"; libvirt refused to return it ({refusal.Message})")
                + $"; see the kernel log for {device}, then set driver_override and the driver in /sys/bus/pci/devices/{device} by hand, and recover again",
                refusal);
        }
    }

    /// <summary>
    /// Writes back an override that libvirt cleared when a guest of its own ended, and restores the driver that goes with it, unless
    /// the host uses the device.
    /// </summary>
    public static async Task RestoreClearedOverrideAsync(StepContext context, HostBinding wanted, CancellationToken cancellationToken)
    {
        var drivers = context.Drivers;
        var device = context.Device.Address;
        if (wanted.DriverOverride is not null && drivers.IsThere(device) && drivers.ReadBinding(device).DriverOverride is null)
        {
            await RestoreAsync(context, wanted, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses to take a device from a driver of the host while the host uses it.</summary>
    /// <exception cref="PassthroughException">The host uses it, or it is unknown; the message names the use and what to do.</exception>
    internal static async Task RefuseUsedAsync(StepContext context, CancellationToken cancellationToken)
    {
        var (device, drivers) = (context.Device.Address, context.Drivers);
        var driver = drivers.Read(device);
        if (driver is null || HostDrivers.IsForGuests(driver))
        {
            return;
        }

        var use = await Offload.Run(() => drivers.UseOf(device), cancellationToken).WaitAsync(context.Options.LibvirtTimeout, cancellationToken).ConfigureAwait(false);
        var refusing = PlanGuards.Refusing(use, context.Options.Accepted);
        if (!refusing.IsEmpty)
        {
            throw new PassthroughException(
                $"{device} is bound to {driver} and cannot be unbound from it: {PlanGuards.Describe(refusing)}; then try again");
        }
    }

    /// <summary>Refuses to take a device from a driver for guests while a guest has it.</summary>
    /// <exception cref="PassthroughException">A domain or a program has it, or it is unknown.</exception>
    internal static async Task RefuseHeldAsync(StepContext context, CancellationToken cancellationToken)
    {
        var device = context.Device.Address;
        var holders = context.Drivers.HoldersOf(device);
        if (holders.Count > 0)
        {
            throw new PassthroughException(
                $"{string.Join(", ", holders)} still has {device}, or its IOMMU group, open through VFIO, although libvirt does not list it in {context.Domain.Name}; "
                + "shut that guest down (virsh destroy), then recover again");
        }

        // Xen's guests hold no node of VFIO: libvirt says who has the device.
        var owner = await context.Domain.RunAsync($"find the domain that owns {device}", domain => domain.OwnerOf(device), cancellationToken).ConfigureAwait(false);
        if (owner is not null)
        {
            throw new PassthroughException($"the running domain {owner} owns {device}; shut it down (virsh destroy), then recover again");
        }
    }
}
