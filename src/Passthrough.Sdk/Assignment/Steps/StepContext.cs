using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>What a step works with.</summary>
/// <param name="Domain">The domain of the plan, behind deadlines.</param>
/// <param name="Device">The device of the step.</param>
/// <param name="Definition">The domain's persistent definition before the plan, and as the plan left it.</param>
/// <param name="Drivers">The host's own view of drivers.</param>
/// <param name="Options">Time-outs.</param>
internal sealed record StepContext(
    DomainCalls Domain,
    AssignedDevice Device,
    DefinitionTrail Definition,
    DriverWatch Drivers,
    PlanOptions Options);
