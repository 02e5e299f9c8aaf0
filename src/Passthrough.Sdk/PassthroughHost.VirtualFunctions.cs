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
    public VirtualFunctionPlan PlanVirtualFunctions(PciAddress physicalFunction, int count, LibvirtFacts? libvirt = null, PlanOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
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
                count,
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
                    var now = Judge(libvirt?.ReadAgain(opens: _fakeRoot is null), identities);
                    return now.Before == plan.Before
                        ? [.. now.Findings.Where(finding => finding.Id != FindingIds.PlanUnfinished)] // asked of the locked journal instead
                        : throw VirtualFunctionWork.Stale(plan, now.Before);
                },
                options,
                _time,
                logger);
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

        var change = entry.VirtualFunctions!;
        var snapshot = CaptureWithFunctions(change.PhysicalFunction);
        return VirtualFunctionPlanner.Plan(
            snapshot, change.PhysicalFunction, change.Before, libvirt, options.Accepted, _ => [], (_, _, _) => throw new InvalidOperationException("Recovery applies it.")).Findings;
    }

    // With the details of its virtual functions: who is reserved for guests is among them.
    private HostSnapshot CaptureWithFunctions(PciAddress function)
    {
        var functions = Capture(CaptureOptions.DevicesOnly).Devices.TryGet(function, out var device) ? device.VirtualFunctions : [];
        return Capture(new CaptureOptions { DetailsOf = [function, .. functions], OpenHandles = true });
    }
}
