namespace Passthrough.Sdk.Readiness;

/// <summary>A fact on which a finding is based.</summary>
/// <param name="Source">The source from which the value was read: a path, the name of a command, or a libvirt function.</param>
/// <param name="Value">The value that was read, <c>absent</c>, or why it is unknown.</param>
public sealed record Evidence(string Source, string Value);
