using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Drivers;

/// <summary>Plans the reset of a device from a snapshot.</summary>
internal static class ResetPlanner
{
    /// <summary>The name of the change that restores the methods after the reset.</summary>
    public const string Restores = "restore";

    // Methods that reset everything on the device's bus. The kernel refuses them where there is another function.
    private static readonly ValueList<string> OfTheBus = ["bus", "slot", "cxl_bus"];

    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="ResetMethodException">The device does not have the method.</exception>
    public static (ValueList<HostChange> Changes, ValueList<Finding> Findings) Plan(
        HostSnapshot snapshot, PciAddress address, string? method, LibvirtFacts? libvirt, IReadOnlyDictionary<PciAddress, PciIdentity> expected)
    {
        var device = snapshot.Devices[address];
        var context = new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [address], Expected = expected, Libvirt = libvirt };
        ValueList<Finding> findings = [.. ReadinessEngine.Run(ReadinessRules.OfAddresses, context), .. ReadinessEngine.Run(ReadinessRules.OfReset, context)];
        var known = device.Details?.ResetMethods;
        if (method is not null && known is { } methods && !methods.Contains(method))
        {
            throw new ResetMethodException(address, method, methods);
        }

        if (method is not null && known is null)
        {
            throw new ResetMethodException(address, method);
        }

        if (known is { IsEmpty: true })
        {
            return ([], [NoMethod(address), .. findings]);
        }

        var effective = method ?? (known is { } all ? string.Join(' ', all) : "the kernel's choice");
        ValueList<HostChange> reset = [new(PlanStepKind.ResetDevice, address, "", null, effective)];
        findings = [.. ReachingOthers(snapshot, address, method is null ? known ?? [] : [method]), .. findings];
        if (method is null || known is not { Count: > 1 } several)
        {
            return (reset, findings);
        }

        var before = string.Join(' ', several);
        return (
            [
                new(PlanStepKind.ChooseResetMethod, address, "", before, method),
                .. reset,
                new(PlanStepKind.ChooseResetMethod, address, Restores, method, before),
            ],
            findings);
    }

    private static Finding NoMethod(PciAddress address) => FindingFactory.Of(
        [address],
        FindingIds.DeviceNoReset,
        FindingSeverity.Error,
        $"the kernel has no method to reset {address}",
        "shut the host down and switch it off to reset the device; for some models there are kernel modules that can reset them (vendor-reset)",
        new Evidence($"/sys/bus/pci/devices/{address}/reset_method", "empty"));

    private static IEnumerable<Finding> ReachingOthers(HostSnapshot snapshot, PciAddress address, ValueList<string> methods)
    {
        var others = snapshot.Devices.Where(device => device.Address != address && device.Address.Domain == address.Domain && device.Address.Bus == address.Bus).ToList();
        if (!methods.IsEmpty && others.Count > 0 && methods.All(OfTheBus.Contains))
        {
            yield return FindingFactory.Of(
                [address, .. others.Select(device => device.Address)],
                FindingIds.DeviceResetReachesOthers,
                FindingSeverity.Error,
                $"the only way to reset {address} is a reset of its bus ({string.Join(' ', methods)}), which would also reset {string.Join(", ", others.Select(device => $"{device.Address} ({device.Driver ?? "no driver"})"))}",
                "assign all functions of the bus to one guest, whose start resets them together, or choose another method",
                new Evidence($"/sys/bus/pci/devices/{address}/reset_method", string.Join(' ', methods)),
                new Evidence("/sys/bus/pci/devices", string.Join(' ', others.Select(device => device.Address))));
        }
    }
}
