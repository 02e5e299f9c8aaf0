namespace Passthrough.Sdk.Plans.Changes;

/// <summary>What the steps of one kind do to the host, and how they are undone. The instances hold no state of a plan.</summary>
internal abstract class ChangeStep
{
    /// <summary>The kind.</summary>
    public abstract PlanStepKind Kind { get; }

    /// <summary>Whether the step takes a device, so that the guards are checked again immediately before it.</summary>
    public virtual bool TakesDevice => false;

    /// <summary>Whether the change outlives a reboot, as a file does. The state of the kernel does not, and needs no undo after one.</summary>
    public virtual bool OutlivesBoot => false;

    /// <summary>
    /// Whether <see cref="HostChange.Name"/> says what is changed, such as a UUID or a path: while a plan for it is unfinished, no other may begin,
    /// as for a device.
    /// </summary>
    public virtual bool NamesSubject => false;

    /// <summary>Describes the step: what is done, how it is undone, and the command that does the same.</summary>
    public abstract PlanStep Describe(int number, HostChange change);

    /// <summary>Makes the change and verifies it.</summary>
    public abstract Task ApplyAsync(HostChange change, ChangeContext context, CancellationToken cancellationToken);

    /// <summary>Undoes the change, of which any part may have been made. It is not cancelled, and may be called again after a crash.</summary>
    public abstract Task UndoAsync(HostChange change, ChangeContext context);

    /// <summary>Called when the whole plan is done and its entry was removed from the journal.</summary>
    public virtual void Done(HostChange change, ChangeContext context)
    {
    }
}
