using System.Collections.Immutable;
using System.Text;
using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Boot;

/// <summary>What a change of the boot parameters comes to on this host, before anything happens: files, commands, reasons.</summary>
/// <remarks>Printing it is the dry run. Thread safety: immutable; only <see cref="Apply"/> touches the host.</remarks>
public sealed class BootPlan
{
    private readonly BootFiles _files;

    internal BootPlan(BootFiles files, BootPlanBuilder builder)
    {
        _files = files;
        Files = builder.Files;
        Commands = [.. builder.Commands];
        UndoCommands = [.. builder.UndoCommands];
        Reasons = [.. builder.Reasons];
    }

    /// <summary>The files that change; empty when they are as they should be.</summary>
    public ImmutableArray<BootFileEdit> Files { get; }

    /// <summary>The commands that follow, in order.</summary>
    public ImmutableArray<BootCommand> Commands { get; }

    /// <summary>Why, one sentence each.</summary>
    public ImmutableArray<string> Reasons { get; }

    /// <summary>Whether everything is as it should be: applying would do nothing.</summary>
    public bool IsEmpty => Files.IsEmpty && Commands.IsEmpty;

    /// <summary>The commands that follow when the files are restored.</summary>
    internal ImmutableArray<BootCommand> UndoCommands { get; }

    /// <summary>
    /// Makes the change: backs up, replaces each file in one step, keeps a journal under the root
    /// (<c>/var/lib/passthrough/boot</c>), and, where the root is <c>/</c>, runs the commands.
    /// </summary>
    /// <param name="time">The clock for the journal; null for the system's.</param>
    /// <returns>What was done; null when there was nothing to do. Commands for another root are in <see cref="BootReceipt.CommandsLeft"/>.</returns>
    /// <exception cref="BootConflictException">A file is not what the plan saw. Nothing was written.</exception>
    /// <exception cref="BootFileException">A file could not be written; those before it were put back.</exception>
    /// <exception cref="BootCommandException">The files are written, and a command failed.</exception>
    public BootReceipt? Apply(TimeProvider? time = null) =>
        IsEmpty ? null : new BootJournal(_files).Apply(this, time ?? TimeProvider.System);

    /// <summary>Reasons, diffs and commands, as one would review them.</summary>
    public override string ToString()
    {
        if (IsEmpty)
            return "Nothing to do: the configuration is as it should be.\n";
        var text = new StringBuilder();
        foreach (string reason in Reasons)
            text.Append("# ").Append(reason).Append('\n');
        foreach (BootFileEdit file in Files)
            text.Append(file.Diff);
        foreach (BootCommand command in Commands)
            text.Append("$ ").Append(command).Append("  # ").Append(command.Reason).Append('\n');
        return text.ToString();
    }
}
