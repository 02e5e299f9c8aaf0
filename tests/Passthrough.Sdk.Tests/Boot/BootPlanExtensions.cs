using Passthrough.Sdk.BootChanges;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>Plans applied in one call.</summary>
internal static class BootPlanExtensions
{
    /// <summary>Applies a plan and waits for it.</summary>
    /// <returns>The plan; null where it was empty.</returns>
    public static BootPlan? Apply(this BootPlan plan)
    {
        plan.ApplyAsync().GetAwaiter().GetResult();
        return plan.IsEmpty ? null : plan;
    }
}
