namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>The action of each kind of step.</summary>
internal static class StepActions
{
    public static IStepAction For(AssignmentStepKind kind) => kind switch
    {
        AssignmentStepKind.DetachFromHost => new DetachFromHost(),
        AssignmentStepKind.AddToDefinition => new AddToDefinition(),
        AssignmentStepKind.AttachLive => new AttachLive(),
        AssignmentStepKind.DetachLive => new DetachLive(),
        AssignmentStepKind.RemoveFromDefinition => new RemoveFromDefinition(),
        AssignmentStepKind.ReturnToHost => new ReturnToHost(),
        _ => throw new PassthroughException($"no such step: {kind}; the journal was written by a newer version"),
    };
}
