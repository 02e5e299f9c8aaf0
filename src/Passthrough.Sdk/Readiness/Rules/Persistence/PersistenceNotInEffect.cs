using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a device that does not have the driver or the virtual functions that a file configures for every boot, and why.</summary>
internal sealed class PersistenceNotInEffect : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.PersistenceNotInEffect,
            Severity = FindingSeverity.Warning,
            Title = "a device does not have the driver or the virtual functions that a file configures for every boot",
            Meaning =
                "The file is newer than the last boot, the binding was changed since, or another driver had the device before udev read "
                + "the file: a driver from the initramfs or in the kernel image. A rule of this library does not take a device from such a "
                + "driver if it is a disk or a display, if an interface of it is up, or if it has a disk.",
            Detection =
                "Driver, driver_override and number of virtual functions of the device are compared with the file. The kernel's log "
                + "contains a line that begins with passthrough: if a rule left the device to its driver.",
            Remedy =
                "Reboot if the file is newer than the last boot. If another driver is first, load vfio-pci before it: add the softdep line and "
                + "vfio-pci to the initramfs (passthrough boot apply --early-binding ADDRESS does both), rebuild it and reboot.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var configured = context.System.Persistence.Devices;
        if (configured.IsUnknown && configured.Source.Length > 0)
        {
            return [FindingFactory.UndeterminedOfHost(FindingIds.PersistenceNotInEffect, "whether files configure devices for every boot", configured, FindingSeverity.Warning)];
        }

        return PersistenceChecks.Of(context)
            .Where(check => check is { State: PersistenceState.NotInEffect, Now: not null })
            .Select(check => check.Device.Driver is { } driver ? OfDriver(context, check, check.Now!, driver) : OfFunctions(check, check.Now!));
    }

    private static Finding OfDriver(ReadinessContext context, PersistenceCheck check, PciDevice device, string driver)
    {
        var (cause, remedy, evidence) = device.Driver is { } other ? WhyNot(context, check, device, driver, other) : WithoutDriver(context, device, driver);
        return Create(check, $"{check.Device.File} binds {device.Address} to {driver} at boot, but {(device.Driver is null ? "no driver is bound" : $"the driver {device.Driver} is bound")}{cause}", remedy,
            [new Evidence(check.Device.File, driver), new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", device.Driver ?? "absent"), .. evidence]);
    }

    private static (string Cause, string Remedy, ValueList<Evidence> Evidence) WhyNot(ReadinessContext context, PersistenceCheck check, PciDevice device, string driver, string other)
    {
        var log = context.System.Kernel.Log;
        var left = log.Value?.Lines.LastOrDefault(line => line.Contains($"passthrough: {device.Address} stays with the driver {other} ", StringComparison.Ordinal));
        if (left is not null)
        {
            var late = BootOrder.Explain(context.System, device);
            return ($": the driver had it first, and it was in use{late.Cause}", late.Remedy, [new Evidence(log.Source, left), .. late.Evidence]);
        }

        // The override is set, so the file was read: the other driver had the device before, or got it since.
        if (device.Details?.DriverOverride == driver)
        {
            var late = BootOrder.Explain(context.System, device);
            return ($", which had it first{late.Cause}", late.Remedy, [new Evidence($"/sys/bus/pci/devices/{device.Address}/driver_override", driver), .. late.Evidence]);
        }

        var again = check.Device.Origin == PersistenceOrigin.Passthrough
            ? $"; to bind it now: udevadm control --reload && udevadm trigger --action=add /sys/bus/pci/devices/{device.Address}"
            : "";
        return ("", $"reboot, if the file was written or the binding was changed since the last boot{again}. If a reboot does not help, another driver is first: {BootOrder.Explain(context.System, device).Remedy}", []);
    }

    private static (string Cause, string Remedy, ValueList<Evidence> Evidence) WithoutDriver(ReadinessContext context, PciDevice device, string driver)
    {
        var module = context.System.Modules[driver];
        return module.IsPresent is { IsKnown: true, Value: false }
            ? ($"; {driver} is not loaded", $"modprobe {driver}; if that fails, its message names the cause", [module.IsPresent.ToEvidence()])
            : ("", $"reboot, or bind it now: echo {driver} > /sys/bus/pci/devices/{device.Address}/driver_override; echo {device.Address} > /sys/bus/pci/drivers_probe; the kernel's log says why if it fails", []);
    }

    private static Finding OfFunctions(PersistenceCheck check, PciDevice device)
    {
        var wanted = check.Device.VirtualFunctionCount.GetValueOrDefault();
        return Create(
            check,
            string.Create(CultureInfo.InvariantCulture, $"{check.Device.File} creates {wanted} virtual functions of {device.Address} at boot, but it has {device.VirtualFunctions.Count}"),
            device.Driver is null
                ? $"load the driver of {device.Address}: virtual functions are created when it has bound"
                : string.Create(CultureInfo.InvariantCulture, $"reboot, or create them now: echo 0 > /sys/bus/pci/devices/{device.Address}/sriov_numvfs; echo {wanted} > /sys/bus/pci/devices/{device.Address}/sriov_numvfs"),
            [new Evidence(check.Device.File, wanted.ToString(CultureInfo.InvariantCulture)), new Evidence($"/sys/bus/pci/devices/{device.Address}/virtfn*", device.VirtualFunctions.Count.ToString(CultureInfo.InvariantCulture))]);
    }

    private static Finding Create(PersistenceCheck check, string title, string remedy, ValueList<Evidence> evidence) =>
        FindingFactory.Of([check.Device.Address], FindingIds.PersistenceNotInEffect, FindingSeverity.Warning, title, remedy, evidence.AsSpan());
}
