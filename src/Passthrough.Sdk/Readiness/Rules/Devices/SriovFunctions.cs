using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports what prevents a physical function from having working virtual functions: no driver, a driver that creates
/// none, or a bus that does not reach them.</summary>
internal sealed class SriovFunctions : IReadinessRule
{
    private const int FunctionsOfADevice = 8;
    private const string NoDriver = "cannot configure SR-IOV";
    private const string NoSupport = "does not support SR-IOV configuration";

    // Drivers in the kernel's own tree for devices that can have virtual functions, which do not create any.
    private static readonly ValueList<string> WithoutSupport = ["i915", "amdgpu", "radeon", "nouveau", "snd_hda_intel", "pci-stub", "pciback", "xhci_hcd", "ahci"];

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.SriovFunctionsOutOfReach,
            Severity = FindingSeverity.Warning,
            Title = "virtual functions of the device are outside the reach of its bus",
            Meaning =
                "A link below a port carries one device. Virtual functions above function 7 are reachable only if the port "
                + "forwards alternative routing ids (ARI). Otherwise they read as all ones, and the kernel says: unknown header "
                + "type 7f, ignoring device. Virtual functions on a bus that the bridge above does not cover cannot be created: "
                + "can't enable N VFs (bus NN out of range).",
            Detection =
                "sriov_offset and sriov_stride of the physical function, which determine the addresses of the virtual ones; "
                + "ari_enabled; the bus numbers of the bridge above. Not reported if these cannot be read.",
            Remedy =
                "Enable ARI (ARI forwarding, SR-IOV support) in the firmware's set-up, or update the firmware. If the bus numbers "
                + "are the problem: boot with pci=assign-busses, or move the card to another slot.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => device.Details?.Sriov?.TotalVirtualFunctions > 0))
        {
            var sriov = device.Details!.Sriov!;
            if (CheckDriver(context, device, sriov) is { } driver)
            {
                yield return driver;
            }

            if (CheckReach(context, device, sriov) is { } reach)
            {
                yield return reach;
            }
        }
    }

    // The device itself can still be assigned: this matters if virtual functions were requested, and is only information otherwise.
    private static Finding? CheckDriver(ReadinessContext context, PciDevice device, PciSriov sriov)
    {
        var directory = $"/sys/bus/pci/devices/{device.Address}";
        var tried = Said(context, device, device.Driver is null ? NoDriver : NoSupport).ToList();
        var severity = tried.Count > 0 ? FindingSeverity.Warning : FindingSeverity.Info;
        if (sriov.VirtualFunctions > 0)
        {
            return null;
        }

        if (device.Driver is null)
        {
            var (isCertain, blacklists) = Blacklists(context, device);
            return FindingFactory.Of(
                [device.Address],
                FindingIds.SriovNoDriver,
                severity,
                $"{device.Address} could have {sriov.TotalVirtualFunctions} virtual functions, but it has no driver that creates them{(isCertain && blacklists.Count > 0 ? $" ({blacklists[0].Value})" : "")}",
                (blacklists.IsEmpty ? "" : isCertain ? $"remove {blacklists[0].Value} ({blacklists[0].Source}) and reboot, or " : $"if {blacklists[0].Value} ({blacklists[0].Source}) blocks its driver, remove that and reboot; ")
                + "bind a driver that creates virtual functions (modprobe DRIVER), then write to sriov_numvfs",
                [new Evidence($"{directory}/driver", "absent"), new Evidence($"{directory}/sriov_totalvfs", $"{sriov.TotalVirtualFunctions}"), .. blacklists, .. tried]);
        }

        var isVfio = device.Driver == "vfio-pci";
        if (tried.Count == 0 && !WithoutSupport.Contains(device.Driver) && !(isVfio && ModuleOptions.Flag(context.System, "vfio_pci", "enable_sriov") is not { IsOn: true }))
        {
            return null;
        }

        return FindingFactory.Of(
            [device.Address],
            FindingIds.SriovDriverWithoutSupport,
            severity,
            $"the driver {device.Driver} of {device.Address} creates no virtual functions; the device could have {sriov.TotalVirtualFunctions}"
            + (tried.Count == 0 && !isVfio ? ", unless it was built from a source other than the kernel's" : ""),
            isVfio
                ? "bind the device to its own driver first, or load vfio-pci with enable_sriov=1"
                : $"load the driver that creates them, built for the running kernel (dkms status), and bind {device.Address} to it",
            [new Evidence($"{directory}/driver", device.Driver), new Evidence($"{directory}/sriov_totalvfs", $"{sriov.TotalVirtualFunctions}"), .. tried]);
    }

    private static Finding? CheckReach(ReadinessContext context, PciDevice device, PciSriov sriov)
    {
        if (sriov is not { Offset: > 0 and { } offset, TotalVirtualFunctions: { } total } || device.Details!.Bridges is not [.., var port] || port.Domain != device.Address.Domain)
        {
            return null;
        }

        var directory = $"/sys/bus/pci/devices/{device.Address}";
        var count = sriov.VirtualFunctions is > 0 and var there ? there : total;
        var first = (device.Address.Bus << 8) + (device.Address.Slot << 3) + device.Address.Function + offset;
        var last = first + ((sriov.Stride ?? 1) * (count - 1));
        var isBeyond = (first >> 8) == device.Address.Bus && (first & 0xff) >= FunctionsOfADevice;
        if (isBeyond && sriov.IsAriEnabled == false)
        {
            return FindingFactory.Of(
                [device.Address],
                FindingIds.SriovFunctionsOutOfReach,
                FindingSeverity.Warning,
                $"the virtual functions of {device.Address} are beyond function 7 of bus {device.Address.Bus:x2} and need ARI forwarding of the port above, {port}, which is off",
                "enable ARI (ARI forwarding) in the firmware's set-up and reboot; if the set-up has no such switch, update the firmware or move the card to another slot",
                new Evidence($"{directory}/sriov_offset", $"{offset}"),
                new Evidence($"{directory}/ari_enabled", "0"));
        }

        var subordinate = context.Snapshot.Devices.TryGet(port, out var bridge) ? bridge.Details?.SubordinateBus : null;
        return subordinate is { } highest && (last >> 8) > highest
            ? FindingFactory.Of(
                [device.Address],
                FindingIds.SriovFunctionsOutOfReach,
                FindingSeverity.Warning,
                $"the last virtual functions of {device.Address} would be on bus {last >> 8:x2}, but the port above, {port}, covers only buses up to {highest:x2}",
                "boot with pci=assign-busses, so that the kernel assigns more bus numbers to the port, or request fewer virtual functions",
                new Evidence($"{directory}/sriov_offset", $"{offset}"),
                new Evidence($"/sys/bus/pci/devices/{port}/subordinate_bus_number", $"{highest}"))
            : null;
    }

    private static IEnumerable<Evidence> Said(ReadinessContext context, PciDevice device, string words) => (context.System.Kernel.Log.Value?.Lines ?? [])
        .Where(line => line.Contains(words, StringComparison.Ordinal) && line.Contains(device.Address.ToString(), StringComparison.Ordinal))
        .TakeLast(1)
        .Select(line => new Evidence(context.System.Kernel.Log.Source, line));

    // The driver that would load by itself but is blocked. Without depmod's list it is unknown which driver that is; one that the kernel's
    // parameters block may be it.
    private static (bool IsCertain, ValueList<Evidence> Lines) Blacklists(ReadinessContext context, PciDevice device)
    {
        var modules = context.System.Modules;
        var isCertain = modules.Aliases.IsKnown && device.Details?.Modalias is not null;
        var lines = isCertain ? modules.Aliases.Value!.Candidates(device.Details!.Modalias!).SelectMany(name => modules[name].Obstacles)
            : modules.Configuration.IsKnown ? modules.Configuration.Value.Where(line => line is { Source: "/proc/cmdline", Kind: ModuleDirectiveKind.KernelBlacklist or ModuleDirectiveKind.Blacklist })
            : [];
        return (isCertain, [.. lines.Distinct().Select(line => new Evidence(VfioIds.PlaceOf(line), line.ToString()))]);
    }
}
