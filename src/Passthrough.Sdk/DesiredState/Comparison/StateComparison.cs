using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Compares a host with its desired state: what differs, and what that needs. A check and a plan see the same.</summary>
internal sealed class StateComparison
{
    private readonly List<Finding> _owed = [];
    private readonly List<Finding> _standing = [];
    private readonly List<StateDemand> _demands = [];
    private readonly List<StateDeferral> _deferred = [];
    private readonly List<PciDevice> _coming = [];

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
        if (state.Devices.Any(item => item.Scope != StateScope.Now) || state.VirtualFunctions.Any(item => item.Scope != StateScope.Now))
        {
            UnclearFiles.TellRest(comparison);
        }

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
    public void Tell(Finding finding)
    {
        if (!_standing.Contains(finding)) // two items may ask the same of one function
        {
            _standing.Add(finding);
        }
    }

    /// <summary>Notes virtual functions that the plan creates, as far as the kernel says where they will be and which ids they will have.</summary>
    public void Expect(PciDevice physicalFunction, int count) => _coming.AddRange(VirtualFunctionPlan.AddressesOf(physicalFunction, count)
        .Where(address => !Facts.Snapshot.Devices.TryGet(address, out _))
        .Select(address => new PciDevice(address)
        {
            VendorId = physicalFunction.VendorId,
            DeviceId = physicalFunction.Details?.Sriov?.DeviceId,
            ClassCode = physicalFunction.ClassCode,
            PhysicalFunction = physicalFunction.Address,
        }));

    /// <summary>Returns whether a selector means a virtual function that the plan creates. Any other device that is missing is missing.</summary>
    public bool IsToCome(DeviceSelector selector)
    {
        // What nobody knows of a function before it exists decides nothing.
        var known = selector with { SubsystemVendorId = null, SubsystemDeviceId = null, SerialNumber = null };
        return _coming.Exists(device => known.Address is null ? known.Matches(device) == true : known.Matches(device) != false);
    }

    /// <summary>Notes what cannot be planned before something else is done.</summary>
    public void Defer(StateDeferral deferral) => _deferred.Add(deferral);
}
