using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>What a plan for a state consists of.</summary>
internal sealed record StateDraft(
    HostState State, StateReport Report, ValueList<Plan> Parts, ValueList<StateDeferral> Deferred, ValueList<Finding> Findings, ValueList<string> AwaitsReboot);
