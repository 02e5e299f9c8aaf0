using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>The context of a step.</summary>
/// <param name="Domain">The domain of the plan; its calls have deadlines.</param>
/// <param name="Device">The device of the step.</param>
/// <param name="Definition">The domain's persistent definition before the plan, and after the plan's last change.</param>
/// <param name="Drivers">The drivers according to the host's files.</param>
/// <param name="Options">Time-outs.</param>
internal sealed record StepContext(
    DomainCalls Domain,
    AssignedDevice Device,
    DefinitionTrail Definition,
    DriverWatch Drivers,
    PlanOptions Options)
{
    /// <summary>The PCI controllers that the plan adds to the definition.</summary>
    public ValueList<PciController> Controllers { get; init; } = [];

    /// <summary>Finds the other devices of the plan in the IOMMU group of <see cref="Device"/>, each of which is still the one that the plan was about; only for an undo.</summary>
    public Func<ValueList<AssignedDevice>> GroupMates { get; init; } = () => [];

    /// <summary>The devices that the plan has begun to add to the definition, or to remove from it; only for an undo.</summary>
    public ValueList<PciAddress> Begun { get; init; } = [];

    /// <summary>The ids of the findings that the operator overruled in this plan; they are noted in the definition, for the guards that are asked at each start.</summary>
    public ValueList<string> Accepted { get; init; } = [];
}
