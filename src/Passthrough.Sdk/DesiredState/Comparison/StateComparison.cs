using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Compares a host with its desired state: what differs, and what that needs. A check and a plan see the same.</summary>
internal sealed class StateComparison
{
    private readonly List<Finding> _owed = [];
    private readonly List<Finding> _standing = [];
    private readonly List<StateDemand> _demands = [];
    private readonly List<StateDeferral> _deferred = [];

    private StateComparison(StateFacts facts) => Facts = facts;

    public StateFacts Facts { get; }

    /// <summary>The findings that no plan settles: a device that does not exist, an unknown fact, what waits for a reboot.</summary>
    public ValueList<Finding> Standing => _standing.ToValueList();

    /// <summary>All findings: those that a plan does not settle first, because they may be the reason for the others.</summary>
    public ValueList<Finding> Findings => [.. _standing, .. _owed];

    /// <summary>What the host owes, each once, in the order in which it is done.</summary>
    public ValueList<StateDemand> Demands => [.. _demands.Distinct().OrderBy(demand => demand.Action)];

    /// <summary>What the host owes and nothing can be planned for yet.</summary>
    public ValueList<StateDeferral> Deferred => _deferred.ToValueList();

    /// <summary>Whether the document creates virtual functions that do not exist: a device that is missing may be one of them.</summary>
    public bool CreatesFunctions => _demands.Exists(demand => demand is { Action: StateAction.SetFunctions, Functions.Count: > 0 });

    public static StateComparison Of(HostState state, StateFacts facts)
    {
        var comparison = new StateComparison(facts);
        var wanted = new WantedBindings(comparison);
        foreach (var item in state.VirtualFunctions)
        {
            new VirtualFunctionComparison(comparison, wanted).Compare(item);
        }

        foreach (var item in state.Devices)
        {
            wanted.Add(item);
        }

        wanted.Compare();
        foreach (var item in state.MediatedDevices)
        {
            MediatedComparison.Compare(comparison, item);
        }

        foreach (var item in state.Parameters)
        {
            ParameterComparison.Compare(comparison, item);
        }

        if (state.Hook is { } hook)
        {
            HookComparison.Compare(comparison, hook);
        }

        return comparison;
    }

    /// <summary>Notes a difference that a plan settles.</summary>
    public void Owe(Finding finding, StateDemand demand)
    {
        _owed.Add(finding);
        _demands.Add(demand);
    }

    /// <summary>Notes a difference that no plan settles.</summary>
    public void Tell(Finding finding) => _standing.Add(finding);

    /// <summary>Notes what cannot be planned before something else is done.</summary>
    public void Defer(StateDeferral deferral) => _deferred.Add(deferral);
}
