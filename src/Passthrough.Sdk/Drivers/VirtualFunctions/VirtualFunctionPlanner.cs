using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Drivers;

/// <summary>Plans virtual functions from a snapshot.</summary>
internal static class VirtualFunctionPlanner
{
    // What a virtual function that goes would take with it.
    private static readonly ValueList<string> Guards =
    [
        FindingIds.DeviceInUseByDomain, FindingIds.DeviceHoldsMountedFileSystem, FindingIds.DeviceHoldsSwap,
        FindingIds.DeviceHoldsExportedDisk, FindingIds.DeviceHoldsActiveVolume, FindingIds.DeviceDiskBusy,
        FindingIds.DeviceHoldsActiveNetworkInterface, FindingIds.DeviceHasOpenHandles,
    ];

    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="VirtualFunctionException">It cannot have virtual functions, or fewer than requested, or the request is not valid.</exception>
    public static VirtualFunctionPlan Plan(
        HostSnapshot snapshot, PciAddress function, VirtualFunctionRequest request, LibvirtFacts? libvirt, ValueList<string> accepted,
        Func<ValueList<PciAddress>, ValueList<Finding>> more, Func<VirtualFunctionPlan, IProgress<PlanProgress>?, CancellationToken, Task> apply,
        Func<ValueList<PciAddress>, PlanOrigin>? origin = null)
    {
        var device = snapshot.Devices[function];
        var count = request.Count;
        Check(device, count);
        VirtualFunctionRequestCheck.Check(device.Address, request);
        var now = VirtualFunctionsNow.Of(snapshot.System.Usage[function].NetworkInterfaces);
        if (!request.Settings.IsEmpty && now.Interface is null)
        {
            throw Refused(function, $"the virtual functions of {function} cannot be set, because {NoInterface(function, snapshot.System.Usage[function].NetworkInterfaces)}");
        }

        ValueList<Finding> findings = [];
        var rules = ReadinessRules.OfDevices.Where(rule => rule.Describes.Any(description => Guards.Contains(description.Id))).ToList();
        if (device.Details?.Sriov?.VirtualFunctions == count)
        {
            // A setting reaches whoever uses the function now.
            ValueList<PciAddress> set = [.. device.VirtualFunctions.Where((_, index) => request.Settings.Any(settings => settings.Index == index))];
            findings = set.IsEmpty ? [] : [.. Unanswered(device, libvirt), .. ReadinessEngine.Run(rules, new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = set, Libvirt = libvirt })];
        }
        else
        {
            var context = new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = device.VirtualFunctions, Libvirt = libvirt };
            var gone = context with { Addresses = [.. device.VirtualFunctions.Skip(count)] };
            var back = context with { Addresses = [.. device.VirtualFunctions.Take(count)] };
            findings = [.. Unanswered(device, libvirt), .. ReadinessEngine.Run(ReadinessRules.OfLeavingFunctions, gone), .. ReadinessEngine.Run(ReadinessRules.OfReturningFunctions, back), .. ReadinessEngine.Run(rules, context)];
        }

        var devices = VirtualFunctionPlan.DevicesOf(device, request);
        return new VirtualFunctionPlan(device, request, now, [.. more(devices), .. findings], accepted, apply)
        {
            Connection = libvirt?.Uri,
            Origin = origin?.Invoke([device.Address]) ?? PlanOrigin.Unknown,
        };
    }

    // A daemon that does not answer has domains all the same: they run on without it. Where libvirt is not installed there are none.
    private static IEnumerable<Finding> Unanswered(PciDevice device, LibvirtFacts? libvirt)
    {
        if (libvirt is { Error: not null, Version.IsKnown: false } && !device.VirtualFunctions.IsEmpty)
        {
            yield return new()
            {
                Id = FindingIds.DeviceInUseByDomain,
                Severity = FindingSeverity.Info,
                PossibleSeverity = FindingSeverity.Error,
                Title = $"cannot tell whether a domain owns or requests a virtual function of {device.Address} that would be removed ({string.Join(", ", device.VirtualFunctions)}): "
                    + $"libvirt at {libvirt.Uri} does not answer",
                Remedy = "start libvirt's daemon (systemctl start libvirtd, or virtqemud.socket with separate daemons), then make the plan again",
                Evidence = [new Evidence(libvirt.Version.Source, libvirt.Error.Message)],
                IsUndetermined = true,
                Devices = [device.Address, .. device.VirtualFunctions],
            };
        }
    }

    private static string NoInterface(PciAddress function, Fact<ValueList<NetworkInterface>> interfaces)
    {
        var setting = interfaces.IsKnown ? interfaces.Value.Where(net => net.VirtualFunctions.IsKnown).Select(net => net.Name).ToList() : [];
        return setting.Count > 1 ? $"it has several network interfaces that set virtual functions ({string.Join(", ", setting)}), and it is unknown which one is meant; use ip link set DEVICE vf N"
            : interfaces.IsUnknown ? $"its network interfaces are unknown: {interfaces.Source}: {interfaces.Reason}"
            : interfaces.IsKnown && interfaces.Value is [var first, ..] ? $"its interface {first.Name} does not report them: {first.VirtualFunctions.Reason ?? "it has none"}; bind the network driver of {function}, and run as root in the host's network namespace"
            : $"it has no network interface; bind its network driver, or leave the settings out";
    }

    private static void Check(PciDevice device, int count)
    {
        var address = device.Address;
        if (device.PhysicalFunction is { } physical)
        {
            throw Refused(address, $"{address} is itself a virtual function; specify its physical function {physical}");
        }

        if (device.Details?.Sriov is not { } sriov)
        {
            throw Refused(address, $"{address} cannot have virtual functions, because it does not support SR-IOV (/sys/bus/pci/devices/{address}/sriov_totalvfs does not exist); choose another card, or enable SR-IOV in the card's firmware settings");
        }

        if (sriov.TotalVirtualFunctions is { } most && count > most)
        {
            throw Refused(address, $"{address} can have at most {most} virtual functions, not {count}; request fewer");
        }
    }

    private static VirtualFunctionException Refused(PciAddress address, string message) => new(address, message, isRefused: true);
}
