namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>A rule that says which routing table is looked at.</summary>
/// <param name="IsV6">Whether it is one of IPv6.</param>
/// <param name="Priority">Its place among the rules.</param>
/// <param name="Table">The table; 0 for none.</param>
/// <param name="In">The interface that a packet comes from; null if the rule does not ask.</param>
/// <param name="Out">The interface that a program's socket is bound to; null if the rule does not ask.</param>
internal sealed record NetworkRule(bool IsV6, uint Priority, uint Table, string? In, string? Out);
