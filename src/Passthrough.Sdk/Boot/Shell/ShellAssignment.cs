namespace Passthrough.Sdk.Boot.Shell;

/// <summary>One <c>NAME=word</c> that the shell is certain to reach.</summary>
internal sealed record ShellAssignment(string Name, int File, ShellWord Word);
