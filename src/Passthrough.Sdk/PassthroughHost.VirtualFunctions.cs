using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk;

/// <content>Virtual functions of SR-IOV.</content>
public sealed partial class PassthroughHost
{
    /// <summary>Plans how many virtual functions a physical function has. Nothing happens before <see cref="VirtualFunctionPlan.ApplyAsync"/>.</summary>
    /// <param name="physicalFunction">The physical function.</param>
    /// <param name="count">How many it is to have; 0: none.</param>
    /// <param name="libvirt">What libvirt says of devices that running domains own (<see cref="LibvirtFacts.Read"/>); null to leave it out.</param>
    /// <returns>The plan. A virtual function that would go while a domain or the host uses it is one of its findings, and it is refused.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="VirtualFunctionException">It cannot have virtual functions, or not so many.</exception>
    /// <exception cref="InvalidOperationException">This host is not the local one.</exception>
    public VirtualFunctionPlan PlanVirtualFunctions(PciAddress physicalFunction, int count, LibvirtFacts? libvirt = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _ = LocalDrivers();
        var snapshot = Capture(new CaptureOptions { DetailsOf = [physicalFunction], OpenHandles = true });
        return VirtualFunctionPlanner.Plan(
            snapshot,
            physicalFunction,
            count,
            libvirt,
            (deadline, cancellationToken) => new VirtualFunctionWriter(Sysfs, _time).SetAsync(physicalFunction, count, deadline, cancellationToken));
    }
}
