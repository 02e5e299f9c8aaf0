using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Changes;

/// <summary>One change of the host that a step makes, as data for the journal: it can be undone without the program that began it.</summary>
/// <param name="Kind">The kind of the step; it decides what the other values mean (docs/journal.md).</param>
/// <param name="Device">The device; null if the change concerns none.</param>
/// <param name="Name">The name of what is changed, such as a path, a UUID or a module; empty if the device says it.</param>
/// <param name="Before">The value before the change; null for none.</param>
/// <param name="After">The value after the change; null for none.</param>
internal sealed record HostChange(PlanStepKind Kind, PciAddress? Device, string Name, string? Before, string? After)
{
    /// <summary>The binding before a change of the driver; null in other changes.</summary>
    public HostBinding? From { get; init; }

    /// <summary>The binding after a change of the driver; null if the kernel chooses the driver, and in other changes.</summary>
    public HostBinding? To { get; init; }
}
