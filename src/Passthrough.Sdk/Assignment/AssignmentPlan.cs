using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>A plan that assigns devices to a domain, or releases them from it.</summary>
/// <remarks>Thread safety: as <see cref="Plan"/>.</remarks>
public sealed class AssignmentPlan : Plan
{
    internal AssignmentPlan(
        PlanKind kind,
        string connection,
        string domain,
        ValueList<AssignedDevice> devices,
        ValueList<PlanStep> steps,
        ValueList<Finding> findings,
        string definitionBefore,
        AssignmentExecutor executor)
        : base(kind, Describe(kind, connection, domain, devices), [.. devices.Select(device => device.Address)], steps, findings, executor.Accepted)
    {
        Connection = connection;
        Domain = domain;
        DevicesBefore = devices;
        DefinitionBefore = definitionBefore;
        Executor = executor;
    }

    /// <summary>Gets the hypervisor's URI (<c>virsh uri</c>).</summary>
    public string Connection { get; }

    /// <summary>Gets the domain's name.</summary>
    public string Domain { get; }

    /// <summary>Gets the devices as they were when the plan was made.</summary>
    public ValueList<AssignedDevice> DevicesBefore { get; }

    /// <summary>Gets which descriptions of the domain the plan changes.</summary>
    public AssignmentScope Scope { get; init; }

    /// <summary>Applies the plan.</summary>
    internal AssignmentExecutor Executor { get; }

    /// <summary>The PCI controllers that the plan adds to the definition.</summary>
    internal ValueList<PciController> Controllers { get; init; } = [];

    /// <summary>What was asked for, as far as the devices do not say it.</summary>
    internal PlanDocumentRequest? Request { get; init; }

    /// <summary>The domain's definition when the plan was made; not public, because it contains secrets.</summary>
    internal string DefinitionBefore { get; }

    /// <summary>The domain's UUID, which does not change when the domain is renamed; null if it is not known.</summary>
    internal Guid? DomainUuid { get; init; }

    /// <summary>Whether the domain ran when the plan was made.</summary>
    internal bool WasRunning { get; init; }

    /// <summary>The devices that the plan releases and that stay in the running guest, or in the definition.</summary>
    internal ValueList<PciAddress> StayingInDomain { get; init; } = [];

    /// <summary>The devices that the running domain had when the plan was made.</summary>
    internal ValueList<PciAddress> LiveBefore { get; init; } = [];

    private protected override PlanDocument Complete(PlanDocument document) => document with { Domain = Domain, DomainUuid = DomainUuid, Connection = Connection, Request = Request };

    private protected override Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken) =>
        Executor.ApplyAsync(this, progress, cancellationToken);

    private static string Describe(PlanKind kind, string connection, string domain, ValueList<AssignedDevice> devices)
    {
        var names = string.Join(", ", devices.Select(device => device.Address));
        return $"{(kind == PlanKind.Assign ? $"assign {names} to" : $"release {names} from")} {domain} ({connection})";
    }
}
