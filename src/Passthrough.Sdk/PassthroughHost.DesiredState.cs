using Passthrough.Sdk.Boot;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.PersistenceChanges;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Starts;

namespace Passthrough.Sdk;

/// <content>The desired state of a host.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public StateReport CheckState(HostState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        HostStateCheck.Run(state);
        return new(Compare(state).Findings);
    }

    /// <inheritdoc/>
    public StatePlan PlanState(HostState state, LibvirtFacts? libvirt = null, PlanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        RequireLocal("a plan");
        HostStateCheck.RunForPlan(state);
        options = Checked(options);
        return Make(libvirt);

        StatePlan Make(LibvirtFacts? facts)
        {
            facts?.RequireThisHost();
            var planners = new StatePlanners(this, facts, options);
            return new(new StatePlanner(state, Compare(state), planners, options.Accepted).Draft(), options.Accepted, ApplyAsync) { Origin = OriginOf([], options) };
        }

        Task ApplyAsync(StatePlan plan, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
        {
            var rounds = new StateRounds(() => Make(libvirt?.ReadAgain(opens: _fake is null)), () => UdevCommand.SettleAsync(ContextOf(options)), options.Accepted);
            return rounds.ApplyAsync(plan, progress, cancellationToken);
        }
    }

    private StateComparison Compare(HostState state)
    {
        // Only the details of the devices that may be meant are read: reading the configuration space wakes a sleeping device.
        var all = Capture(CaptureOptions.DevicesOnly).Devices;
        var meant = all.Where(device => state.Selectors.Any(selector => selector.Matches(device) != false)).ToList();
        var snapshot = Capture(new CaptureOptions { DetailsOf = [.. meant.SelectMany(device => device.VirtualFunctions.Prepend(device.Address)).Distinct()] });
        return StateComparison.Of(state, new(snapshot, ReadBootConfiguration(), FilesDirectory is null ? null : StartHookFile.Read(Sysfs, IsXen(snapshot))));
    }

    /// <summary>The planners of this host, with the options of the whole.</summary>
    private sealed class StatePlanners(PassthroughHost host, LibvirtFacts? libvirt, PlanOptions options) : IStatePlanners
    {
        public Plan InstallHook(StartHookOptions hook) => host.PlanStartHook(hook, options);

        public Plan RemoveHook() => host.PlanStartHookRemoval(options);

        public Plan Unpersist(IEnumerable<PciAddress> devices, bool functions) => host.PlanUnpersist(devices, functions, options);

        public Plan Unbind(IEnumerable<PciAddress> devices) => host.PlanUnbind(devices, driver: null, libvirt, options);

        public Plan SetFunctions(PciAddress device, VirtualFunctionRequest request, bool bindsAgain) => host.PlanVirtualFunctions(
            device, request, libvirt, bindsAgain ? options with { Accepted = [.. options.Accepted, FindingIds.VirtualFunctionSettingsLost] } : options);

        public Plan PersistFunctions(PciAddress device, int count, bool probesDrivers) => host.PlanPersistVirtualFunctions(device, count, probesDrivers, options);

        public Plan Bind(IEnumerable<PciAddress> devices, string driver) => host.PlanBind(devices, driver, libvirt, options);

        public Plan Persist(IEnumerable<PciAddress> devices, string driver) => host.PlanPersist(devices, driver, options);

        public Plan CreateMediated(MediatedDeviceState device) => host.PlanMediatedDevice(device.Parent!, device.Type!, device.Uuid, device.StartsAtBoot, options);

        public Plan RemoveMediated(Guid uuid, bool undefines) => host.PlanMediatedDeviceRemoval(uuid, undefines, libvirt, options);

        public Plan ChangeBoot(BootChange change) => host.PlanBoot(change, options);
    }
}
