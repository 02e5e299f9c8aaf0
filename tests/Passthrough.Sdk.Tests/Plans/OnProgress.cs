using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>Calls a delegate for each report, on the thread that applies the plan.</summary>
internal sealed class OnProgress(Action<PlanProgress> report) : IProgress<PlanProgress>
{
    public void Report(PlanProgress value) => report(value);
}
