
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Records;

/// <summary>What a device was bound to before it was assigned: kept beside the journal until it is released, since a release is another program's.</summary>
internal sealed record AssignedRecord
{
    /// <summary>Where the device is.</summary>
    public required PciAddress Address { get; init; }

    /// <summary>What the device is; another one at the address makes the record worthless.</summary>
    public required string Identity { get; init; }

    /// <summary>The boot in which this was so; <c>driver_override</c> does not outlive one.</summary>
    public required string BootId { get; init; }

    /// <summary>The domain it was assigned to.</summary>
    public required string Domain { get; init; }

    /// <summary>The journal entry of the assignment.</summary>
    public required string Entry { get; init; }

    /// <summary>Driver and override before the assignment.</summary>
    public required HostBinding Binding { get; init; }

    /// <summary>Whether the plan itself took the device from its driver; then libvirt does not give it back when the guest ends.</summary>
    public bool IsTakenByPlan { get; init; }
}
