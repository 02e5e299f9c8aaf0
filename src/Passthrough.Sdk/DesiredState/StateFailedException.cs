using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.DesiredState;

/// <summary>
/// The exception that is thrown when a state was reached in part: a part failed or was refused, and was taken back whole; the parts
/// before it stay.
/// </summary>
/// <remarks><see cref="Exception.InnerException"/> is the error of the part. Planning and applying the state again continues. Thread safety: immutable.</remarks>
public sealed class StateFailedException : PassthroughException
{
    internal StateFailedException(Plan part, ValueList<Plan> finished, Exception cause)
        : base(
            $"the state was not reached: {(part is StatePlan ? "the rest could not be planned" : $"the part to {part.Purpose} failed")}: {cause.Message.TrimEnd('.')}; "
            + $"these parts stay: {string.Join("; ", finished.Select(plan => plan.Purpose))}; correct the cause, then plan and apply the state again",
            cause)
    {
        Part = part;
        Finished = finished;
    }

    /// <summary>Gets the part that failed; a <see cref="StatePlan"/> if the parts before it were applied and the rest could not be planned.</summary>
    public Plan Part { get; }

    /// <summary>Gets the parts that were applied before, and stay.</summary>
    public ValueList<Plan> Finished { get; }
}
