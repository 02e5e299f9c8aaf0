using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The request of a plan for devices, as far as the devices do not say it.</summary>
internal sealed record PlanDocumentRequest
{
    /// <summary>The driver that was named; null if the library chooses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Driver { get; init; }

    /// <summary>The reset method that was named; null for the kernel's order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResetMethod { get; init; }

    /// <summary>The UUID of the mediated device; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? MediatedUuid { get; init; }

    /// <summary>The parent of the mediated device to create; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MediatedParent { get; init; }

    /// <summary>The type of the mediated device to create; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MediatedType { get; init; }

    /// <summary>Whether the definition of the mediated device is written or removed too; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? WithDefinition { get; init; }

    /// <summary>The number of virtual functions at every boot; null if the plan is about a driver.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? VirtualFunctions { get; init; }

    /// <summary>Whether the host's drivers bind to the virtual functions; null if the plan is about a driver.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ProbesDrivers { get; init; }

    /// <summary>The program that libvirt's hook calls, with its arguments; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? HookCommand { get; init; }

    /// <summary>Whether domains start although the hook's program failed; null in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? AllowsOnFailure { get; init; }

    /// <summary>Which description of the domain the plan changes, <c>live</c> or <c>definition</c>; null for both, and in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>Whether all functions of the devices' slots are meant; null if not, and in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? WholeCards { get; init; }

    /// <summary>Whether all devices of the IOMMU groups are meant; null if not, and in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? WholeGroups { get; init; }

    /// <summary>False if libvirt does not manage the devices; null if it does, and in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Managed { get; init; }

    /// <summary>The elements that were given for devices, as XML; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Elements { get; init; }

    /// <summary>The number of ports that the definition has free afterwards; null for none, and in other plans.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SparePorts { get; init; }
}
