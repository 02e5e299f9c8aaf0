using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports virtual functions that their driver could not set, because they were still being reset.</summary>
internal sealed class SriovReset : IReadinessRule
{
    // i40e, ice and others of the physical function; iavf of the virtual one. What says that the physical function is down belongs to DevicePhysicalFunctionDown.
    private static readonly ValueList<string> Complaints = ["in reset. Try again", "Device is still in reset", "VF is still in reset", "never finished resetting"];

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.SriovFunctionInReset,
            Severity = FindingSeverity.Warning,
            Title = "a virtual function was still being reset",
            Meaning =
                "The driver of the physical function resets a virtual function when it is created, when its guest starts or ends, and when "
                + "its VLAN or trust changes. Until the reset has ended, settings are refused: VF 3 still in reset. Try again. A reset that "
                + "does not end has another cause: the interface of the physical function is down, a guest does not answer, or the firmware "
                + "of the card has stopped the virtual function.",
            Detection = "The kernel's log, a line of the driver with the address of the physical or the virtual function. The log does not say whether the reset has ended since.",
            Remedy =
                "Wait a second and make the setting again (ip link set DEVICE vf N ...). If this does not help, set the interface of the "
                + "physical function up, shut the guest down, and reset the virtual function: echo 1 > /sys/bus/pci/devices/ADDRESS/reset. "
                + "Otherwise create the virtual functions again.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var lines = context.System.Kernel.Log.Value?.Lines ?? [];
        var complaints = lines.Where(line => Complaints.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase))).ToList();
        foreach (var device in complaints.Count == 0 ? [] : context.Devices.Where(device => device.PhysicalFunction is not null || !device.VirtualFunctions.IsEmpty))
        {
            if (complaints.LastOrDefault(line => line.Contains(device.Address.ToString(), StringComparison.Ordinal)) is { } said)
            {
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.SriovFunctionInReset,
                    FindingSeverity.Warning,
                    device.PhysicalFunction is null ? $"a virtual function of {device.Address} was still being reset when its driver set it" : $"the virtual function {device.Address} was still being reset when its driver set it",
                    RemedyOf(context, device),
                    new Evidence(context.System.Kernel.Log.Source, said));
            }
        }
    }

    private static string RemedyOf(ReadinessContext context, PciDevice device)
    {
        var interfaces = context.System.Usage[device.PhysicalFunction ?? device.Address].NetworkInterfaces;
        var name = interfaces.IsKnown && interfaces.Value is [var first, ..] ? ShellArgument.Of(first.Name) : "DEVICE";
        return $"make the setting again (ip link show {name}; ip link set {name} vf N ...); if it is refused again, shut down the guest that owns the virtual function, and create the virtual functions again";
    }
}
