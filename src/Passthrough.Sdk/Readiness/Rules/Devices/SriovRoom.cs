using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a physical function for whose virtual functions the firmware and the kernel left no memory addresses.</summary>
internal sealed class SriovRoom : IReadinessRule
{
    private const string NoRoom = "not enough MMIO resources for SR-IOV";

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.SriovNoRoom,
            Severity = FindingSeverity.Warning,
            Title = "there are no memory addresses for the virtual functions of the device",
            Meaning =
                "Virtual functions share registers of the physical function (VF BARs), which need an address range for all of them. "
                + "If the firmware does not know SR-IOV, or assigns only addresses below 4 GiB, this range is missing, and the kernel "
                + "does not create virtual functions: not enough MMIO resources for SR-IOV, and the write to sriov_numvfs fails with ENOMEM: "
                + "Cannot allocate memory.",
            Detection =
                "A VF BAR of the SR-IOV capability in /sys/bus/pci/devices/ADDRESS/config whose address is 0 while no virtual function "
                + "exists, or the kernel's log. Reading the capability requires root; without it, only the log is checked.",
            Remedy =
                "Enable SR-IOV and memory-mapped I/O above 4 GiB (Above 4G Decoding) in the firmware's set-up, or update the firmware. "
                + "Otherwise boot with pci=realloc, so that the kernel assigns the addresses again.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        foreach (var device in context.Devices.Where(device => device.Details?.Sriov is { TotalVirtualFunctions: > 0, VirtualFunctions: not > 0 }))
        {
            ValueList<Evidence> evidence = [.. EmptyBars(device), .. Said(context, device.Address)];
            if (!evidence.IsEmpty)
            {
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.SriovNoRoom,
                    FindingSeverity.Warning,
                    $"{device.Address} could have {device.Details!.Sriov!.TotalVirtualFunctions} virtual functions, but there are no memory addresses for them",
                    "enable SR-IOV and memory-mapped I/O above 4 GiB in the firmware's set-up and reboot; otherwise boot with pci=realloc",
                    [.. evidence]);
            }
        }
    }

    // A 32-bit register that is all zeros may as well be one that the device does not have; the type bits of a 64-bit one show that it has it.
    private static IEnumerable<Evidence> EmptyBars(PciDevice device) =>
        (device.Details!.Configuration?.Capabilities.OfType<SingleRootIovCapability>().FirstOrDefault()?.VfBars ?? [])
        .Where(bar => bar.Address == 0)
        .Select(bar => new Evidence($"/sys/bus/pci/devices/{device.Address}/config", $"VF BAR {bar.Index} has no address"));

    private static IEnumerable<Evidence> Said(ReadinessContext context, PciAddress address) => (context.System.Kernel.Log.Value?.Lines ?? [])
        .Where(line => line.Contains(NoRoom, StringComparison.Ordinal) && line.Contains(address.ToString(), StringComparison.Ordinal))
        .TakeLast(1)
        .Select(line => new Evidence(context.System.Kernel.Log.Source, line));
}
