using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>A plan as JSON: its purpose, the host on which it was made, and what it showed.</summary>
/// <remarks>The names are a contract: <c>passthrough plan --json</c> prints it.</remarks>
internal sealed record PlanDocument
{
    /// <summary>The number of the format that this version writes.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required PlanKind Kind { get; init; }

    public required string Purpose { get; init; }

    /// <summary>The domain's name; null if the plan concerns none.</summary>
    public string? Domain { get; init; }

    /// <summary>The domain's UUID, by which it is found again; null if the plan concerns none.</summary>
    public Guid? DomainUuid { get; init; }

    /// <summary>The hypervisor's URI; null if the plan does not use libvirt.</summary>
    public string? Connection { get; init; }

    public required bool Refused { get; init; }

    /// <summary>The ids of the findings that would refuse the plan and were accepted.</summary>
    public required ImmutableArray<string> Accepted { get; init; }

    public required ImmutableArray<PciAddress> Devices { get; init; }

    /// <summary>The requested number of virtual functions of the first device; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? VirtualFunctions { get; init; }

    /// <summary>Whether the host is to bind its drivers to virtual functions; null for no change, and in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ProbeDrivers { get; init; }

    /// <summary>The settings of single virtual functions; null if there are none, and in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<PlanDocumentVirtualFunction>? VirtualFunctionSettings { get; init; }

    /// <summary>The request of a plan for the boot configuration; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanDocumentBoot? Boot { get; init; }

    /// <summary>The request of a plan for devices without a domain; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanDocumentRequest? Request { get; init; }

    /// <summary>What is done with each domain of a plan for several; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<PlanDocumentDomain>? Domains { get; init; }

    /// <summary>What a plan for a desired state consists of; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanDocumentState? State { get; init; }

    public required ImmutableArray<PlanStep> Steps { get; init; }

    public required ImmutableArray<PlanDocumentFinding> Findings { get; init; }

    public required PlanDocumentOptions Options { get; init; }

    public required PlanDocumentHost Host { get; init; }
}
