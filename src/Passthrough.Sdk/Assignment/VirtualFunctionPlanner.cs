using System.Collections.Immutable;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>Judges a wish for virtual functions by a snapshot.</summary>
internal static class VirtualFunctionPlanner
{
    // What a virtual function that goes would take with it.
    private static readonly ImmutableArray<string> Guards =
    [
        FindingIds.DeviceInUseByDomain, FindingIds.DeviceHoldsMountedFileSystem, FindingIds.DeviceHoldsSwap,
        FindingIds.DeviceHoldsActiveNetworkInterface, FindingIds.DeviceHasOpenHandles,
    ];

    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="VirtualFunctionException">It cannot have virtual functions, or not so many.</exception>
    public static VirtualFunctionPlan Plan(
        HostSnapshot snapshot, PciAddress function, int count, LibvirtFacts? libvirt, Func<TimeSpan, CancellationToken, Task<ImmutableArray<PciAddress>>> apply)
    {
        var device = snapshot.Devices[function];
        Check(device, count);
        ImmutableArray<Finding> findings = [];
        if (device.Details?.Sriov?.VirtualFunctions != count)
        {
            var rules = ReadinessRules.OfDevices.Where(rule => rule.Describes.Any(description => Guards.Contains(description.Id))).ToList();
            var context = new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = device.VirtualFunctions, Libvirt = libvirt };
            findings = [.. ReadinessEngine.Run(rules, context)];
        }

        return new VirtualFunctionPlan(device, count, findings, apply);
    }

    private static void Check(PciDevice device, int count)
    {
        var address = device.Address;
        if (device.PhysicalFunction is { } physical)
        {
            throw Refused(address, $"{address} is itself a virtual function; name its physical one, {physical}");
        }

        if (device.Details?.Sriov is not { } sriov)
        {
            throw Refused(address, $"{address} cannot have virtual functions: it has no SR-IOV (/sys/bus/pci/devices/{address}/sriov_totalvfs is not there); choose another card, or switch SR-IOV on in its firmware's set-up");
        }

        if (sriov.TotalVirtualFunctions is { } most && count > most)
        {
            throw Refused(address, $"{address} can have at most {most} virtual functions, not {count}; ask for fewer");
        }
    }

    private static VirtualFunctionException Refused(PciAddress address, string message) => new(address, message, isRefused: true);
}
