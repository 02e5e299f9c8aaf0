using System.Text;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.BootChanges;

/// <summary>A plan that changes the kernel parameters and modules for the next boot: the changes of the boot loader's files, and the commands that follow.</summary>
/// <remarks>
/// The latest change can also be reverted after it was applied (<see cref="PassthroughHost.PlanBootRevert"/>), because the previous
/// content of every file is kept. Thread safety: as <see cref="Plan"/>.
/// </remarks>
public sealed class BootPlan : Plan
{
    private readonly Func<BootPlan, IProgress<PlanProgress>?, CancellationToken, Task> _apply;

    internal BootPlan(
        PlanKind kind,
        string purpose,
        BootDraft draft,
        bool leavesCommands,
        ValueList<PlanStep> steps,
        ValueList<Finding> findings,
        ValueList<string> accepted,
        Func<BootPlan, IProgress<PlanProgress>?, CancellationToken, Task> apply)
        : base(kind, purpose, devices: [], steps, findings, accepted)
    {
        Draft = draft;
        CommandsLeft = leavesCommands ? draft.Commands : [];
        _apply = apply;
    }

    /// <summary>Gets the files that change, each with its old and its new content; empty if they already have the wanted content.</summary>
    public ValueList<BootFileEdit> Files => Draft.Files;

    /// <summary>Gets the commands that follow the change of the files, in order.</summary>
    public ValueList<BootCommand> Commands => Draft.Commands;

    /// <summary>
    /// Gets the commands that the plan does not run and that you have to run on that host: all of <see cref="Commands"/> if the host
    /// is a directory or a fake, none on this machine.
    /// </summary>
    public ValueList<BootCommand> CommandsLeft { get; }

    /// <summary>Gets the reasons for the change, one sentence each.</summary>
    public ValueList<string> Reasons => Draft.Reasons;

    /// <summary>Gets whether there is nothing to do: the configuration already has the wanted state, or there is no change to revert.</summary>
    public bool IsEmpty => Files.IsEmpty && Commands.IsEmpty;

    /// <summary>The effect of the plan, with the commands that follow its undo.</summary>
    internal BootDraft Draft { get; }

    /// <summary>Returns a readable description of the plan: its findings, the reasons, the diff of every file, and the commands.</summary>
    public override string ToString()
    {
        if (IsRefused)
        {
            return base.ToString();
        }

        if (IsEmpty)
        {
            return Kind == PlanKind.RevertBoot ? "Nothing to revert.\n" : "Nothing to do: the configuration already has the wanted state.\n";
        }

        var text = new StringBuilder();
        foreach (var reason in Reasons)
        {
            text.Append("# ").Append(reason).Append('\n');
        }

        foreach (var file in Files)
        {
            text.Append(file.Diff);
        }

        foreach (var command in Commands)
        {
            text.Append("$ ").Append(command).Append("  # ").Append(command.Reason).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The requested change; null if the plan reverts one.</summary>
    internal BootChange? Change { get; init; }

    private protected override PlanDocument Complete(PlanDocument document) => document with
    {
        Boot = new()
        {
            Add = [.. (Change?.Add ?? []).Select(parameter => parameter.Text)],
            Remove = [.. Change?.Remove ?? []],
            LoadModules = [.. Change?.LoadModules ?? []],
            AllowModules = [.. Change?.AllowModules ?? []],
            EarlyBinding = Change?.EarlyBinding is { } binding ? [.. binding.Ids] : null,
            EarlyBindingBefore = Change?.EarlyBinding is { } before ? [.. before.Before] : null,
            Reasons = [.. Change?.Reasons ?? []],
            Files = [.. Files.Select(file => new PlanDocumentFile(file.Path, file.Diff))],
        },
    };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) => _apply(this, progress, cancellationToken);
}
