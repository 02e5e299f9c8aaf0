using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Drivers;

/// <summary>Plans the binding of devices to drivers, and their return, from a snapshot.</summary>
/// <param name="snapshot">The host, with the details of the devices and with open handles.</param>
/// <param name="drivers">The current bindings.</param>
/// <param name="libvirt">Facts from libvirt; null if it was not asked.</param>
/// <param name="expected">The identities of the devices when the plan was made.</param>
internal sealed class BindPlanner(HostSnapshot snapshot, DriverWatch drivers, LibvirtFacts? libvirt, IReadOnlyDictionary<PciAddress, PciIdentity> expected)
{
    /// <summary>Returns the changes that bind devices, and the findings.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="driver">The driver; null to choose the one that gives each device to guests.</param>
    public (ValueList<HostChange> Changes, ValueList<Finding> Findings) Bind(ValueList<PciAddress> devices, string? driver)
    {
        var changes = new List<HostChange>();
        foreach (var device in Context(devices).Devices)
        {
            var name = driver is null ? DriverChoice.For(snapshot, device) : DriverChoice.NameIn(snapshot, driver);
            var (from, to) = (drivers.ReadBinding(device.Address), new HostBinding(name, name));
            if (from == to)
            {
                continue;
            }

            if (DriverChoice.MissingModule(snapshot, name) is { } module && LoadModule.Of(module) is var load && !changes.Contains(load))
            {
                changes.Add(load);
            }

            changes.Add(new(PlanStepKind.BindDriver, device.Address, BindDriver.Keeps, null, null) { From = from, To = to });
        }

        return (changes.ToValueList(), Judge(devices, changes));
    }

    /// <summary>Returns the changes that return devices to the drivers that they had, and the findings.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="driver">The driver; null for the recorded one, or the kernel's choice where nothing is recorded.</param>
    /// <param name="records">The records of previous bindings.</param>
    public (ValueList<HostChange> Changes, ValueList<Finding> Findings) Unbind(ValueList<PciAddress> devices, string? driver, BindingRecords records)
    {
        var changes = new List<HostChange>();
        foreach (var device in Context(devices).Devices)
        {
            var from = drivers.ReadBinding(device.Address);
            var recorded = records.Find(device.Address, BindDriver.NoDomain)?.Binding;
            var to = driver is null ? recorded : new HostBinding(DriverChoice.NameIn(snapshot, driver), null);
            // An override that names a driver of the host is the administrator's.
            var isFree = to is null ? !HostDrivers.IsReserved(from.Driver) && !HostDrivers.IsReserved(from.DriverOverride) : from == to;
            if (!isFree)
            {
                changes.Add(new(PlanStepKind.BindDriver, device.Address, BindDriver.Forgets, null, null) { From = from, To = to });
            }
        }

        return (changes.ToValueList(), Judge(devices, changes));
    }

    private ReadinessContext Context(ValueList<PciAddress> devices) =>
        new(snapshot, snapshot.System.Environment.Xen.IsDom0.Value ? GuestKind.XenHvm : GuestKind.Qemu) { Addresses = devices, Expected = expected, Libvirt = libvirt };

    // A device whose driver stays is not taken from anybody.
    private ValueList<Finding> Judge(ValueList<PciAddress> devices, List<HostChange> changes)
    {
        var moving = changes.Where(change => change.From is { } from && change.To?.Driver != from.Driver).ToList();
        ValueList<PciAddress> toGuests = [.. moving.Where(change => HostDrivers.IsForGuests(change.To?.Driver)).Select(change => change.Device!.Value)];
        ValueList<PciAddress> toHost = [.. moving.Where(change => !HostDrivers.IsForGuests(change.To?.Driver)).Select(change => change.Device!.Value)];
        var context = Context(devices);
        var findings = ReadinessEngine.Run(ReadinessRules.OfAddresses, context).ToList();
        if (!toGuests.IsEmpty)
        {
            findings.AddRange(ReadinessEngine.Run(ReadinessRules.OfBindingToGuests, context with { Addresses = toGuests }).Select(Weigh));
        }

        if (!toHost.IsEmpty)
        {
            findings.AddRange(ReadinessEngine.Run(ReadinessRules.OfBindingToHost, context with { Addresses = toHost }));
        }

        return findings.ToValueList();
    }

    // The rest of the group can be bound later; until then no guest can start with the device, and nothing is lost.
    private static Finding Weigh(Finding finding) => finding.Id == FindingIds.GroupNotViable && finding.Severity == FindingSeverity.Error
        ? finding with { Severity = FindingSeverity.Warning, Remedy = $"bind the rest of the group as well, in the same plan; {finding.Remedy}" }
        : finding;
}
