using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Drivers.Records;

/// <summary>The previous driver of an assigned device. It is stored beside the journal until the device is released, usually by another program.</summary>
internal sealed record BindingRecord
{
    /// <summary>The device's address.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>The identity of the device; the record is ignored if another device is at the address.</summary>
    public required string Identity { get; init; }

    /// <summary>The boot in which the record is valid, because <c>driver_override</c> does not survive a reboot.</summary>
    public required string BootId { get; init; }

    /// <summary>The domain to which it was assigned.</summary>
    public required string Domain { get; init; }

    /// <summary>The journal entry of the assignment.</summary>
    public required string Entry { get; init; }

    /// <summary>Driver and override before the assignment.</summary>
    public required HostBinding Binding { get; init; }

    /// <summary>Whether the plan itself took the device from its driver; then libvirt does not return it when the guest ends.</summary>
    public bool IsTakenByPlan { get; init; }

    /// <summary>The journal entry of the plan that took the device from its driver, if it is a later one than <see cref="Entry"/>; null otherwise.</summary>
    public string? TakenBy { get; init; }

    /// <summary>
    /// The journal entry of the plan that returns the device, from its beginning on; null until such a plan begins. If that entry is not in the
    /// journal, the plan is complete, and the record is ignored.
    /// </summary>
    public string? ReleasedBy { get; init; }
}
