using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Plans;

/// <summary>Passes progress on with count and time, and continues if the listener fails: an exception of a listener must not end a plan that is half applied.</summary>
internal sealed class SafeProgress(IProgress<PlanProgress> listener, int count, TimeProvider time, ILogger logger) : IProgress<PlanProgress>
{
    private readonly long _start = time.GetTimestamp();

    public void Report(PlanProgress value)
    {
        try
        {
            listener.Report(value with { Count = count, Elapsed = time.GetElapsedTime(_start) });
        }
#pragma warning disable CA1031 // It is logged; the host matters more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.ListenerFailed(value.Step.Number, e);
        }
    }
}
