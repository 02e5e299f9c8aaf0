using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>The effect of a change of the boot configuration on a host: files, commands, reasons. It is only data, from which a plan is made.</summary>
/// <param name="Files">The files that change; empty if they already have the wanted content.</param>
/// <param name="Commands">The commands that follow, in order.</param>
/// <param name="UndoCommands">The commands to run after the files are restored.</param>
/// <param name="Reasons">The reasons, one sentence each.</param>
internal sealed record BootDraft(
    ValueList<BootFileEdit> Files, ValueList<BootCommand> Commands, ValueList<BootCommand> UndoCommands, ValueList<string> Reasons);
