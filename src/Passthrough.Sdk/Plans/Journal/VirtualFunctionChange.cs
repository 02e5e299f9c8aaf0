using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>The part of a journal entry for a plan of virtual functions.</summary>
/// <param name="PhysicalFunction">The physical function.</param>
/// <param name="Before">The number of virtual functions before the plan.</param>
/// <param name="Count">The requested number.</param>
internal sealed record VirtualFunctionChange(PciAddress PhysicalFunction, int Before, int Count)
{
    /// <summary>Whether the host is to bind its drivers to new virtual functions; null if the plan does not change it.</summary>
    public bool? Probes { get; init; }

    /// <summary>Whether the host bound its drivers to new virtual functions before the plan; null if the plan does not change it, or if it is unknown.</summary>
    public bool? ProbesBefore { get; init; }

    /// <summary>The settings of virtual functions that the last steps make, in their order.</summary>
    public ImmutableArray<VirtualFunctionSettingEntry> Settings { get; init; } = [];

    /// <summary>The settings that virtual functions had before the plan removed them, for the undo, which creates them again.</summary>
    public ImmutableArray<VirtualFunctionSettingEntry> SettingsBefore { get; init; } = [];
}
