namespace Passthrough.Sdk.Plans.Journal;

/// <summary>A setting of a virtual function in the journal.</summary>
/// <param name="Index">The index of the virtual function among those of its physical function.</param>
/// <param name="Setting">The setting: <c>mac</c>, <c>vlan</c>, <c>trust</c> or <c>spoofchk</c>.</param>
/// <param name="Before">The value before the plan; null if the plan creates the virtual function, or if the driver does not report it.</param>
/// <param name="After">The value after the plan; null if the plan does not set it.</param>
internal sealed record VirtualFunctionSettingEntry(int Index, string Setting, string? Before, string? After);
