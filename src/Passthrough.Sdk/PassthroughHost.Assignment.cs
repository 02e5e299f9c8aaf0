using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Assignment.Journal;
using Passthrough.Sdk.Assignment.Steps;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk;

/// <content>Plans: giving devices to domains and taking them back.</content>
public sealed partial class PassthroughHost
{
    /// <summary>Plans to give a device to a domain (<c>virsh attach-device</c>). Nothing happens before <see cref="AssignmentPlan.ApplyAsync"/>.</summary>
    /// <param name="device">The device.</param>
    /// <param name="to">The domain, on this host. If it runs, it gets the device now; if it is persistent, also at every start from now on.</param>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="InvalidOperationException">This host is not the local one.</exception>
    public AssignmentPlan Plan(PciDevice device, LibvirtDomain to)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Plan([device.Address], to);
    }

    /// <summary>Plans to give devices to a domain together: all of an IOMMU group, or all functions of a card.</summary>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="to">The domain, on this host.</param>
    /// <param name="options">How the plan is applied; null: the defaults.</param>
    /// <returns>The plan. A guard that refuses it, a device that is not there included, is one of its findings.</returns>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="InvalidOperationException">This host is not the local one.</exception>
    public AssignmentPlan Plan(ImmutableArray<PciAddress> devices, LibvirtDomain to, AssignmentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        var domain = new LibvirtAssignmentDomain(to);
        var snapshot = Capture(new CaptureOptions { DetailsOf = devices, Isolation = true });
        var context = new ReadinessContext(snapshot, GuestKindOf(to)) { Addresses = devices, Owners = OtherOwners(to) };
        var report = ReadinessEngine.Run(ReadinessRules.All, context);
        var drivers = LocalDrivers();
        var sharing = context.Devices
            .Where(device => device.IommuGroup is not null)
            .GroupBy(device => device.IommuGroup)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group.Select(device => device.Address))
            .ToHashSet();
        return AssignmentPlanner.Assign(devices, sharing, domain, drivers, [.. report], Executor(domain, drivers, options));
    }

    /// <summary>Plans to take devices back from a domain (<c>virsh detach-device</c>) and to give them to the host's drivers.</summary>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="from">The domain, on this host.</param>
    /// <param name="options">How the plan is applied; null: the defaults.</param>
    /// <returns>The plan; without steps when the domain has none of the devices and the host has them all.</returns>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="InvalidOperationException">This host is not the local one.</exception>
    public AssignmentPlan PlanRelease(ImmutableArray<PciAddress> devices, LibvirtDomain from, AssignmentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        var domain = new LibvirtAssignmentDomain(from);
        var snapshot = Capture(CaptureOptions.DevicesOnly);
        var context = new ReadinessContext(snapshot, GuestKindOf(from)) { Addresses = devices, Owners = OtherOwners(from) };
        var report = ReadinessEngine.Run(ReadinessRules.OfRelease, context);
        var drivers = LocalDrivers();
        return AssignmentPlanner.Release(devices, domain, drivers, [.. report], Executor(domain, drivers, options));
    }

    /// <summary>Takes back what programs that ended half way left behind; see the journal of <see cref="AssignmentOptions.JournalDirectory"/>.</summary>
    /// <param name="open">Opens a connection to the hypervisor of a plan, by its URI.</param>
    /// <param name="options">Where the journal is; null: the defaults.</param>
    /// <returns>An entry a plan that was found unfinished, the newest first; empty when there was none.</returns>
    /// <exception cref="PassthroughException">The journal cannot be read, or another program is applying a plan.</exception>
    /// <exception cref="LibvirtException">A hypervisor or a domain of the journal is not to be had.</exception>
    /// <exception cref="InvalidOperationException">This host is not the local one.</exception>
    public async Task<ImmutableArray<AssignmentRecovery>> RecoverAsync(Func<string, LibvirtConnection> open, AssignmentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        options ??= new AssignmentOptions();
        var drivers = LocalDrivers();
        using var journal = AssignmentJournal.Open(options.JournalDirectory);
        var recovered = ImmutableArray.CreateBuilder<AssignmentRecovery>();
        foreach (var entry in journal.ReadAll())
        {
            using var connection = open(entry.Connection);
            using var domain = connection.Domain(entry.Domain);
            var executor = Executor(new LibvirtAssignmentDomain(domain), drivers, options);
            var trail = new DefinitionTrail(entry.DefinitionBefore, entry.DefinitionLeft);
            var notUndone = await executor.UndoAsync(journal, entry, trail, null).ConfigureAwait(false);
            recovered.Add(new(entry.Domain, [.. entry.Devices.Select(device => device.Address)], notUndone));
        }

        return recovered.ToImmutable();
    }

    private static GuestKind GuestKindOf(LibvirtDomain domain) => DomainXml.GuestKindOf(domain.GetXml());

    private static ImmutableDictionary<PciAddress, string> OtherOwners(LibvirtDomain domain) =>
        LibvirtFacts.ReadOwners(domain.Connection).Where(owned => owned.Value != domain.Name).ToImmutableDictionary();

    private DriverWatch LocalDrivers() => IsLocal
        ? new(Sysfs, _time)
        : throw new InvalidOperationException($"plans act on this machine, and '{Source}' only stands for one; use PassthroughHost.Local()");

    private AssignmentExecutor Executor(LibvirtAssignmentDomain domain, DriverWatch drivers, AssignmentOptions? options)
    {
        options ??= new();
        return new(domain, drivers, options, _time, (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<AssignmentPlan>());
    }
}
