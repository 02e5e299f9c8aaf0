using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>What the journal keeps of a plan that is being applied: enough to take it back without the program that began it.</summary>
internal sealed record JournalEntry
{
    /// <summary>The number of the format that this version writes. A reader that knows a lower one leaves the entry alone.</summary>
    public const int CurrentFormat = 3;

    /// <summary>The number of the entry's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Names the entry; also the file's name.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of the plan.</summary>
    public PlanKind Kind { get; init; }

    /// <summary>The hypervisor's URI (<c>virsh uri</c>); empty if the plan is about no domain.</summary>
    public string Connection { get; init; } = "";

    /// <summary>The domain's name; empty if the plan is about no domain.</summary>
    public string Domain { get; init; } = "";

    /// <summary>What a plan for virtual functions changes; null in one of another kind.</summary>
    public VirtualFunctionChange? VirtualFunctions { get; init; }

    /// <summary>What a plan for the boot configuration changes; null in one of another kind.</summary>
    public BootChangeEntry? Boot { get; init; }

    /// <summary>The domain's UUID, which a new name leaves as it is; null in an entry of a version that did not say.</summary>
    public Guid? DomainUuid { get; init; }

    /// <summary>The boot in which the plan began; null in an entry of a version that did not say. Drivers begin afresh with each boot.</summary>
    public string? BootId { get; init; }

    /// <summary>What stood at the devices' addresses when the plan began; default in an entry of a version that did not say.</summary>
    public ImmutableArray<DeviceIdentity> Identities { get; init; }

    /// <summary>The devices that the running domain had before the plan; default in an entry of a version that did not say.</summary>
    public ImmutableArray<PciAddress> LiveBefore { get; init; }

    /// <summary>When the plan began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The devices as they were when the plan was made.</summary>
    public required ImmutableArray<AssignedDevice> Devices { get; init; }

    /// <summary>The domain's persistent definition before the first step; it may hold secrets, so the file is for its owner only.</summary>
    public string DefinitionBefore { get; init; } = "";

    /// <summary>The definition as the last finished step left it; null while none touched it.</summary>
    public string? DefinitionLeft { get; init; }

    /// <summary>The plan's steps.</summary>
    public ImmutableArray<PlanStep> Steps { get; init; } = [];

    /// <summary>The ids of the findings that the operator accepted for this plan.</summary>
    public ImmutableArray<string> Accepted { get; init; } = [];

    /// <summary>How many steps may have changed something: those whose intent was written. They are undone from the last.</summary>
    public int Begun { get; init; }

    /// <summary>Names what the plan is for in messages: <c>vm1 with 0000:01:00.0</c>.</summary>
    [JsonIgnore]
    public string Subject => this switch
    {
        { Boot: not null, Kind: PlanKind.RevertBoot } => "the revert of a change of the boot configuration",
        { Boot: not null } => "a change of the boot configuration",
        { VirtualFunctions: { } change } => $"the change of {change.PhysicalFunction} from {change.Before} to {change.Count} virtual functions",
        _ => $"{Domain} with {string.Join(", ", Devices.Select(device => device.Address))}",
    };

    /// <summary>Whether a step failed or was cancelled: then nothing of the plan stays, although its last step may have come to its end since.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Names the entry's file in messages.</summary>
    [JsonIgnore]
    public string File => Path.Length > 0 ? Path : $"the journal entry {Id}";

    /// <summary>The file that it was read from; empty if it was not read.</summary>
    [JsonIgnore]
    public string Path { get; init; } = "";
}
