using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Assignment;

/// <summary>Does something at a moment of a plan, on the thread that applies it.</summary>
internal sealed class OnProgress(Action<PlanProgress> action) : IProgress<PlanProgress>
{
    public void Report(PlanProgress value) => action(value);
}
