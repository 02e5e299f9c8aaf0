namespace Passthrough.Sdk.Readiness;

/// <summary>A fact that a finding rests on.</summary>
/// <param name="Source">Where it was read: a path, a command's name, a libvirt function.</param>
/// <param name="Value">What stood there, <c>absent</c>, or why it is unknown.</param>
public sealed record Evidence(string Source, string Value);
