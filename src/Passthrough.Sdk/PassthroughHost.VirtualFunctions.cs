using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk;

/// <content>Virtual functions of SR-IOV.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public VirtualFunctionPlan PlanVirtualFunctions(PciAddress physicalFunction, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return PlanVirtualFunctions(physicalFunction, new VirtualFunctionRequest { Count = count });
    }

    /// <inheritdoc/>
    public VirtualFunctionPlan PlanVirtualFunctions(PciAddress physicalFunction, VirtualFunctionRequest request, LibvirtFacts? libvirt = null, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Count);
        RequireLocal("a plan");
        options = Checked(options);
        return Judge(libvirt, Nothing);

        VirtualFunctionPlan Judge(LibvirtFacts? facts, IReadOnlyDictionary<PciAddress, PciIdentity> expected)
        {
            facts?.RequireThisHost();
            var snapshot = CaptureWithFunctions(physicalFunction);
            var context = new ReadinessContext(snapshot, GuestKind.Qemu) { Addresses = [physicalFunction], Expected = expected };
            var moved = ReadinessEngine.Run([new DeviceMoved()], context);
            return VirtualFunctionPlanner.Plan(
                snapshot,
                physicalFunction,
                request,
                facts,
                options.Accepted,
                devices => [.. UnfinishedPlans.Peek(options.JournalDirectory, devices, domain: null, uuid: null), .. moved],
                (plan, progress, cancellationToken) => ApplyAsync(plan, IdentitiesOf(context), progress, cancellationToken),
                devices => OriginOf(devices, options));
        }

        Task ApplyAsync(VirtualFunctionPlan plan, IReadOnlyDictionary<PciAddress, PciIdentity> identities, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
        {
            var logger = LoggerOf(options);
            var work = new VirtualFunctionWork(
                plan,
                Sysfs,
                libvirt?.Uri,
                () =>
                {
                    var now = Judge(libvirt?.ReadAgain(opens: _fake is null), identities);
                    return now.Before != plan.Before ? throw VirtualFunctionWork.Stale(plan, now.Before)
                        : now.Actions != plan.Actions ? throw VirtualFunctionWork.Stale(plan)
                        : [.. now.Findings.Where(finding => finding.Id != FindingIds.PlanUnfinished)]; // asked of the locked journal instead
                },
                options,
                _time,
                logger,
                entry => JudgeRestored(entry, libvirt?.ReadAgain(opens: _fake is null), options));
            return new PlanEngine(options, _time, logger).ApplyAsync(plan, work, progress, cancellationToken);
        }
    }

    // The way back of a change that did not finish, judged as any change of the number is.
    private ValueList<Finding> JudgeRestored(JournalEntry entry, Func<string, ILibvirtConnection> open, PlanOptions options)
    {
        LibvirtFacts? libvirt = null;
        if (entry.Connection.Length > 0)
        {
            using var connection = open(entry.Connection);
            libvirt = LibvirtFacts.Read(connection);
            libvirt.RequireThisHost();
        }

        return JudgeRestored(entry, libvirt, options);
    }

    private ValueList<Finding> JudgeRestored(JournalEntry entry, LibvirtFacts? libvirt, PlanOptions options)
    {
        var change = entry.VirtualFunctions!;
        var snapshot = CaptureWithFunctions(change.PhysicalFunction);
        return VirtualFunctionPlanner.Plan(
            snapshot, change.PhysicalFunction, new() { Count = change.Before }, libvirt, options.Accepted, _ => [], (_, _, _) => throw new InvalidOperationException("Recovery applies it.")).Findings;
    }

    // With the details of its virtual functions: who is reserved for guests is among them.
    private HostSnapshot CaptureWithFunctions(PciAddress function)
    {
        var functions = Capture(CaptureOptions.DevicesOnly).Devices.TryGet(function, out var device) ? device.VirtualFunctions : [];
        return Capture(new CaptureOptions { DetailsOf = [function, .. functions], OpenHandles = true });
    }
}
