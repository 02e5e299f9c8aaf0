using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>What a plan for several domains does with one of them.</summary>
/// <param name="Kind">The kind of plan: assign or release.</param>
/// <param name="Domain">The domain's name.</param>
/// <param name="DomainUuid">The domain's UUID, by which it is found again; null if it is not known.</param>
/// <param name="Devices">The devices that the domain gets or loses.</param>
/// <param name="Request">What was asked for, as far as the devices do not say it; null if nothing differs from the defaults.</param>
internal sealed record PlanDocumentDomain(
    PlanKind Kind,
    string Domain,
    Guid? DomainUuid,
    ImmutableArray<PciAddress> Devices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlanDocumentRequest? Request = null);
