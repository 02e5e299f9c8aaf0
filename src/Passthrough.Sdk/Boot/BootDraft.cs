using System.Collections.Immutable;

namespace Passthrough.Sdk.Boot;

/// <summary>What a change of the boot configuration comes to on a host: files, commands, reasons. Data only; a plan is made of it.</summary>
/// <param name="Files">The files that change; empty if they are as they should be.</param>
/// <param name="Commands">The commands that follow, in order.</param>
/// <param name="UndoCommands">The commands that follow when the files are restored.</param>
/// <param name="Reasons">Why, one sentence each.</param>
internal sealed record BootDraft(
    ImmutableArray<BootFileEdit> Files, ImmutableArray<BootCommand> Commands, ImmutableArray<BootCommand> UndoCommands, ImmutableArray<string> Reasons);
