namespace Passthrough.Sdk.Boot.Shell;

/// <summary>The line because of which it is unknown what the shell would end up with.</summary>
/// <param name="File">The file's position in the order of reading.</param>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Text">The line.</param>
/// <param name="Reason">Why it prevents the change, in a few words.</param>
internal sealed record ShellObstacle(int File, int Line, string Text, string Reason);
