using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Starts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Makes the parts of a plan from what the host owes its state.</summary>
internal sealed class StatePlanner(HostState state, StateComparison comparison, IStatePlanners planners, ValueList<string> accepted)
{
    // For the same device, the first of each row can only be planned when the others are applied.
    private static readonly Dictionary<StateAction, StateAction[]> After = new()
    {
        [StateAction.SetFunctions] = [StateAction.Unbind],
        [StateAction.PersistFunctions] = [StateAction.Unpersist],
        [StateAction.Bind] = [StateAction.Unbind, StateAction.SetFunctions],
        [StateAction.Persist] = [StateAction.UnpersistFunctions, StateAction.SetFunctions],
        [StateAction.CreateMediatedDevice] = [StateAction.Unbind, StateAction.SetFunctions, StateAction.Bind],
    };

    // What kernel parameters fix, with a reboot.
    private static readonly string[] OfIommu =
    [
        FindingIds.IommuDisabledByKernelParameter, FindingIds.IommuNotEnabledByKernel, FindingIds.IommuInactive,
        FindingIds.IommuParameterForOtherVendor, FindingIds.IommuRebootPending,
    ];

    private readonly List<Plan> _parts = [];
    private readonly List<StateDeferral> _deferred = [.. comparison.Deferred];
    private readonly List<Finding> _findings = [.. comparison.Standing];
    private readonly Dictionary<StateAction, HashSet<PciAddress>> _changing = [];
    private readonly List<Binding> _bindings = [];
    private readonly HashSet<string> _freedParents = new(StringComparer.Ordinal);
    private readonly ValueList<ParameterState> _awaited = ParameterComparison.Awaited(comparison, state.Parameters);

    public StateDraft Draft()
    {
        foreach (var part in comparison.Demands.GroupBy(KeyOf))
        {
            Add(part.Key.Action, [.. part]);
        }

        JudgeTogether();
        return new(
            state,
            new(comparison.Findings),
            _parts.ToValueList(),
            _deferred.ToValueList(),
            [.. _findings.DistinctBy(finding => (finding.Id, finding.Title))],
            [.. _awaited.Select(item => item.IsAbsent ? $"the kernel parameter {item.Parameter} is gone" : $"the kernel parameter {item.Parameter}"), .. _deferred.Where(later => later.AwaitsReboot).Select(later => later.Description)]);
    }

    // The devices of a group change hands together; what is not about a device is one part.
    private static (StateAction Action, string? Driver, string Subject) KeyOf(StateDemand demand) => (demand.Action, demand.Driver, demand.Action switch
    {
        StateAction.Bind or StateAction.Unbind or StateAction.Persist => demand.Group is { } group ? FormattableString.Invariant($"group {group}") : demand.Device.ToString()!,
        StateAction.SetFunctions or StateAction.PersistFunctions => demand.Device.ToString()!,
        StateAction.CreateMediatedDevice or StateAction.RemoveMediatedDevice => demand.Mediated!.Uuid.ToString("D"),
        _ => "",
    });

    private void Add(StateAction action, ValueList<StateDemand> demands)
    {
        ValueList<PciAddress> devices = [.. demands.Select(DeviceOf).OfType<PciAddress>().Distinct()];
        if (EarlierFor(action, devices, demands) is { } earlier)
        {
            _deferred.Add(new($"{Name(action, demands)}, when the plan has {Done(earlier)}", devices.IsEmpty ? null : devices[0]));
            return;
        }

        Plan plan;
        try
        {
            plan = Make(action, demands, devices);
        }
        catch (PassthroughException e)
        {
            _findings.Add(NotPlannable(action, demands, devices, e));
            return;
        }

        if (action == StateAction.Bind && IsForReboot(plan))
        {
            _deferred.Add(new($"{Name(action, demands)}, when the kernel parameters are in effect", devices[0], AwaitsReboot: true));
            return;
        }

        // Their drivers come back with the state, and the rest may not: this refuses nothing, and is said.
        _findings.AddRange(plan.Findings.Select(finding => finding.Id == FindingIds.VirtualFunctionSettingsLost && BindsAgain(demands[0])
            ? finding with { Severity = FindingSeverity.Warning, Remedy = "nothing has to be done for the driver, which the state binds again; what else was set for the function has to be set again" }
            : finding));
        if (plan.IsRefused || !plan.Steps.IsEmpty)
        {
            if (action is StateAction.Bind or StateAction.Persist && plan is DevicePlan binding)
            {
                _bindings.Add(new(action, demands, devices, binding));
            }

            _parts.Add(plan);
        }

        if (action == StateAction.RemoveMediatedDevice && comparison.Facts.Snapshot.System.MediatedDevices.FindDevice(demands[0].Mediated!.Uuid)?.Parent is { } freed)
        {
            _freedParents.Add(freed);
        }

        // Settings leave the virtual functions where they are.
        if (plan is not VirtualFunctionPlan { Writes.IsEmpty: true })
        {
            _changing.TryAdd(action, []);
            _changing[action].UnionWith(action == StateAction.SetFunctions ? plan.Devices : devices);
        }
    }

    // The action of this plan that has to be applied first; null for none.
    private StateAction? EarlierFor(StateAction action, ValueList<PciAddress> devices, ValueList<StateDemand> demands)
    {
        if (action == StateAction.CreateMediatedDevice && _freedParents.Contains(demands[0].Mediated!.Parent!))
        {
            return StateAction.RemoveMediatedDevice;
        }

        foreach (var before in After.GetValueOrDefault(action, []))
        {
            if (_changing.TryGetValue(before, out var changing) && changing.Overlaps(devices))
            {
                return before;
            }
        }

        return null;
    }

    // Each part alone leaves the host what another part takes: the keyboard at the other controller, the other way to the network.
    private void JudgeTogether()
    {
        foreach (var together in _bindings.GroupBy(binding => (binding.Action, Driver: HostDrivers.IsForGuests(binding.Demands[0].Driver) ? null : binding.Demands[0].Driver)).Where(together => together.Count() > 1).ToList())
        {
            var (action, demands) = (together.Key.Action, together.First().Demands);
            var all = Make(action, demands, [.. together.SelectMany(binding => binding.Devices).Distinct()]);
            ValueList<Finding> found = [.. all.Findings.Where(finding => PlanGuards.Speaks(finding) && !_findings.Contains(finding))];
            foreach (var finding in found)
            {
                _findings.RemoveAll(weaker => weaker.Id == finding.Id && weaker.Devices.Equals(finding.Devices) && (weaker.Title == finding.Title || !PlanGuards.Speaks(weaker)));
                _findings.Add(finding);
            }

            // A part that is accepted as one of all is accepted with these findings.
            foreach (var binding in together)
            {
                ValueList<Finding> own = [.. found.Where(finding => finding.Devices.Any(binding.Devices.Contains))];
                if (!own.IsEmpty)
                {
                    _parts[_parts.IndexOf(binding.Plan)] = binding.Plan.With(own);
                }
            }
        }
    }

    private Plan Make(StateAction action, ValueList<StateDemand> demands, ValueList<PciAddress> devices) => action switch
    {
        StateAction.InstallHook => planners.InstallHook(new StartHookOptions { Command = state.Hook!.Command, AllowsOnFailure = state.Hook.AllowsOnFailure }),
        StateAction.RemoveHook => planners.RemoveHook(),
        StateAction.Unpersist => planners.Unpersist(devices, functions: false),
        StateAction.UnpersistFunctions => planners.Unpersist(devices, functions: true),
        StateAction.Unbind => planners.Unbind(devices),
        StateAction.SetFunctions => planners.SetFunctions(devices[0], RequestOf(demands[0].Functions!), BindsAgain(demands[0])),
        StateAction.PersistFunctions => planners.PersistFunctions(devices[0], demands[0].Functions!.Count, demands[0].Probes),
        StateAction.Bind => planners.Bind(devices, demands[0].Driver!),
        StateAction.Persist => planners.Persist(devices, demands[0].Driver!),
        StateAction.CreateMediatedDevice => planners.CreateMediated(demands[0].Mediated!),
        StateAction.RemoveMediatedDevice => planners.RemoveMediated(demands[0].Mediated!.Uuid, undefines: true),
        _ => planners.ChangeBoot(ParameterComparison.ChangeOf([.. demands.Select(demand => demand.Parameter!)])),
    };

    private static VirtualFunctionRequest RequestOf(VirtualFunctionState item) => new() { Count = item.Count, ProbesDrivers = item.ProbesDrivers, Settings = item.Settings };

    private static bool BindsAgain(StateDemand demand) => demand.Functions is { Driver: not null, Scope: not StateScope.AtBoot };

    // On a host without an IOMMU, the parameters that switch it on are a part of the same state: they come first, and the rest after the reboot.
    private bool IsForReboot(Plan plan) => plan.IsRefused && ParameterComparison.SwitchIommuOn(comparison, _awaited)
        && PlanGuards.Refusing(plan.Findings, accepted).All(finding => OfIommu.Contains(finding.Id));

    private static PciAddress? DeviceOf(StateDemand demand) =>
        demand.Device ?? (PciAddress.TryParse(demand.Mediated?.Parent, out var parent) ? parent : null);

    private static string Name(StateAction action, ValueList<StateDemand> demands) => action switch
    {
        StateAction.SetFunctions => $"set the virtual functions of {demands[0].Device}",
        StateAction.PersistFunctions => $"create the virtual functions of {demands[0].Device} at every boot",
        StateAction.Bind => $"bind {string.Join(", ", demands.Select(demand => demand.Device))} to {demands[0].Driver}",
        StateAction.Persist => $"bind {string.Join(", ", demands.Select(demand => demand.Device))} to {demands[0].Driver} at every boot",
        StateAction.CreateMediatedDevice => $"create the mediated device {demands[0].Mediated!.Uuid:D}",
        StateAction.RemoveMediatedDevice => $"remove the mediated device {demands[0].Mediated!.Uuid:D}",
        StateAction.ChangeBoot => $"change the kernel parameters ({string.Join(", ", demands.Select(demand => demand.Parameter))})",
        StateAction.InstallHook => "install the hook",
        StateAction.RemoveHook => "remove the hook",
        _ => $"return {string.Join(", ", demands.Select(demand => demand.Device))} to the host",
    };

    private static string Done(StateAction earlier) => earlier switch
    {
        StateAction.Unbind => "returned the device to the host",
        StateAction.SetFunctions => "set the virtual functions",
        StateAction.Bind => "bound the device",
        StateAction.RemoveMediatedDevice => "removed a mediated device of the same parent",
        _ => "removed the rule file of the device",
    };

    private static Finding NotPlannable(StateAction action, ValueList<StateDemand> demands, ValueList<PciAddress> devices, PassthroughException error) => FindingFactory.Of(
        devices,
        FindingIds.StateNotPlannable,
        FindingSeverity.Error,
        $"there is no plan to {Name(action, demands)}: {error.Message.TrimEnd('.')}",
        "correct the state or the host as the error says, or accept this finding to apply the rest of the state without it",
        new Evidence(devices.IsEmpty ? "the host" : $"/sys/bus/pci/devices/{devices[0]}", error.Message));

    /// <summary>A part that binds devices, now or at boot.</summary>
    private sealed record Binding(StateAction Action, ValueList<StateDemand> Demands, ValueList<PciAddress> Devices, DevicePlan Plan);
}
