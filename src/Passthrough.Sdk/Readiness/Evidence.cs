namespace Passthrough.Sdk.Readiness;

/// <summary>A fact on which a finding is based.</summary>
/// <param name="Source">Where it was read: a path, the name of a command, a libvirt function.</param>
/// <param name="Value">The value that was read, <c>absent</c>, or why it is unknown.</param>
public sealed record Evidence(string Source, string Value);
