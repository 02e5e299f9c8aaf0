using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Changes;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>A journal entry: everything that is needed to undo a plan that is being applied, without the program that began it.</summary>
internal sealed record JournalEntry
{
    /// <summary>The number of the format that this version writes. A version that knows only lower numbers does not change the entry.</summary>
    public const int CurrentFormat = 5;

    /// <summary>The number of the entry's format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The id of the entry, which is also the file's name.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of the plan.</summary>
    public PlanKind Kind { get; init; }

    /// <summary>The hypervisor's URI (<c>virsh uri</c>); empty if the plan concerns no domain.</summary>
    public string Connection { get; init; } = "";

    /// <summary>The domain's name; empty if the plan concerns no domain.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The change of a plan for virtual functions; null in other plans.</summary>
    public VirtualFunctionChange? VirtualFunctions { get; init; }

    /// <summary>The change of a plan for the boot configuration; null in other plans.</summary>
    public BootChangeEntry? Boot { get; init; }

    /// <summary>The changes of a plan that is made of changes, one for each step; empty in other plans.</summary>
    public ImmutableArray<HostChange> Changes { get; init; } = [];

    /// <summary>The entries of the domains of a plan for several, whose steps have their numbers in the whole plan; empty in other plans.</summary>
    public ImmutableArray<JournalEntry> Parts { get; init; } = [];

    /// <summary>The same; empty in entries of older versions too.</summary>
    [JsonIgnore]
    public ImmutableArray<JournalEntry> PartsOrNone => Parts.IsDefault ? [] : Parts;

    /// <summary>The domain's UUID, which does not change when the domain is renamed; null in entries of older versions.</summary>
    public Guid? DomainUuid { get; init; }

    /// <summary>The boot in which the plan began; null in entries of older versions. The state of drivers does not survive a reboot.</summary>
    public string? BootId { get; init; }

    /// <summary>The identities of the devices at the addresses when the plan began; default in entries of older versions.</summary>
    public ImmutableArray<DeviceIdentity> Identities { get; init; }

    /// <summary>The devices that the running domain had before the plan; default in entries of older versions.</summary>
    public ImmutableArray<PciAddress> LiveBefore { get; init; }

    /// <summary>When the plan began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The devices as they were when the plan was made.</summary>
    public required ImmutableArray<AssignedDevice> Devices { get; init; }

    /// <summary>The domain's persistent definition before the first step; it may contain secrets, so only the owner can read the file.</summary>
    public string DefinitionBefore { get; init; } = "";

    /// <summary>The definition after the last finished step that changed it; null before the first such step.</summary>
    public string? DefinitionLeft { get; init; }

    /// <summary>The PCI controllers that the plan adds to the definition, as XML; empty in other plans.</summary>
    public ImmutableArray<string> Controllers { get; init; } = [];

    /// <summary>The plan's steps.</summary>
    public ImmutableArray<PlanStep> Steps { get; init; } = [];

    /// <summary>The ids of the findings that the operator accepted for this plan.</summary>
    public ImmutableArray<string> Accepted { get; init; } = [];

    /// <summary>How many steps may have changed something: those whose intent was written. They are undone in reverse order.</summary>
    public int Begun { get; init; }

    /// <summary>The name of the plan's subject in messages: <c>vm1 with 0000:01:00.0</c>.</summary>
    [JsonIgnore]
    public string Subject => this switch
    {
        { Boot: not null, Kind: PlanKind.RevertBoot } => "the revert of a change of the boot configuration",
        { Boot: not null } => "a change of the boot configuration",
        { VirtualFunctions: { } change } => $"the change of {change.PhysicalFunction} from {change.Before} to {change.Count} virtual functions",
        { Parts.IsDefaultOrEmpty: false } => string.Join(" and ", Parts.Select(part => part.Subject)),
        { Changes.IsDefaultOrEmpty: false, Devices.IsEmpty: true } => $"{Kind}",
        { Changes.IsDefaultOrEmpty: false } => $"{Kind} of {string.Join(", ", Devices.Select(device => device.Address))}",
        _ => $"{Domain} with {string.Join(", ", Devices.Select(device => device.Address))}",
    };

    /// <summary>Whether a step failed or was cancelled: then everything must be undone, although its last step may have been completed since.</summary>
    public bool HasFailed { get; init; }

    /// <summary>The name of the entry's file in messages.</summary>
    [JsonIgnore]
    public string File => Path.Length > 0 ? Path : $"the journal entry {Id}";

    /// <summary>The file that it was read from; empty if it was not read.</summary>
    [JsonIgnore]
    public string Path { get; init; } = "";

    /// <summary>Returns the entry as it was read, with an empty list for each that the version that wrote it did not know.</summary>
    public JournalEntry WithEveryList() => this with
    {
        Changes = OrEmpty(Changes),
        Parts = [.. PartsOrNone.Select(part => part.WithEveryList())],
        Identities = OrEmpty(Identities),
        LiveBefore = OrEmpty(LiveBefore),
        Controllers = OrEmpty(Controllers),
        Steps = OrEmpty(Steps),
        Accepted = OrEmpty(Accepted),
        VirtualFunctions = VirtualFunctions is { } change
            ? change with { Settings = OrEmpty(change.Settings), SettingsBefore = OrEmpty(change.SettingsBefore) }
            : null,
    };

    private static ImmutableArray<T> OrEmpty<T>(ImmutableArray<T> list) => list.IsDefault ? [] : list;
}
