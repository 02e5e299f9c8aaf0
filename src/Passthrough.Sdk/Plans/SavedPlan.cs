using System.Globalization;
using System.Text.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Saved;

namespace Passthrough.Sdk.Plans;

/// <summary>A plan that was written as JSON (<see cref="Plan.ToJson"/>), to be reviewed and then applied, perhaps by another program on the same host.</summary>
/// <remarks>
/// It is only data. <see cref="PassthroughHost.PlanAgain"/> makes the plan again from its request, and refuses it if the result
/// differs from what was reviewed. Thread safety: immutable.
/// </remarks>
public sealed class SavedPlan
{
    private SavedPlan(PlanDocument document)
    {
        Document = document;
        Options = document.Options.ToOptions();
    }

    /// <summary>Gets the kind of the plan.</summary>
    public PlanKind Kind => Document.Kind;

    /// <summary>Gets the purpose of the plan in a few words.</summary>
    public string Purpose => Document.Purpose;

    /// <summary>Gets the hypervisor's URI, for the connection that <see cref="PassthroughHost.PlanAgain"/> needs; null if the plan does not use libvirt.</summary>
    public string? Connection => Document.Connection;

    /// <summary>Gets the domain's name when the plan was made; null if the plan concerns no domain or several.</summary>
    public string? Domain => Document.Domain;

    /// <summary>Gets the names of the domains when the plan was made; empty if the plan concerns no domain.</summary>
    public ValueList<string> Domains => Document.Domain is { } domain ? [domain] : [.. (Document.Domains ?? []).Select(each => each.Domain)];

    /// <summary>Gets the devices that the plan changes.</summary>
    public ValueList<PciAddress> Devices => [.. Document.Devices];

    /// <summary>Gets the steps that the plan showed.</summary>
    public ValueList<PlanStep> Steps => [.. Document.Steps];

    /// <summary>Gets the options for applying the plan: the accepted findings and the time-outs. The journal's directory is not saved.</summary>
    public PlanOptions Options { get; }

    internal PlanDocument Document { get; }

    /// <summary>Reads a plan that <see cref="Plan.ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="SavedPlanException">The text is not a plan or is damaged, a newer version wrote it, or it is a plan for a desired state.</exception>
    public static SavedPlan Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            RefuseNewer(json);
            var document = JsonSerializer.Deserialize(json, PlanDocumentJson.Plain.PlanDocument) ?? throw Damaged("it is empty");
            if (document.Kind == PlanKind.State)
            {
                throw new SavedPlanException(
                    SavedPlanProblem.AppliedFromState,
                    "a plan for a desired state is not applied from its JSON, which shows only what can be planned at first; apply the state itself (PassthroughHost.PlanState)");
            }

            if (FindFault(document) is { } fault)
            {
                throw Damaged(fault);
            }

            var plan = new SavedPlan(document);
            PlanGuards.Check(plan.Options.Accepted);
            return plan;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or OverflowException or ArgumentException or FormatException or InvalidOperationException)
        {
            throw Damaged(e.Message, e);
        }
    }

    /// <summary>Returns the purpose.</summary>
    public override string ToString() => Purpose;

    private static void RefuseNewer(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("format", out var format)
            && format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out var number) && number > PlanDocument.CurrentFormat)
        {
            throw new SavedPlanException(SavedPlanProblem.NewerFormat, string.Create(
                CultureInfo.InvariantCulture, $"a newer version wrote the plan (format {number}; this version reads formats up to {PlanDocument.CurrentFormat}); apply it with that version"));
        }
    }

    // What JSON alone does not say: which parts belong to which kind.
    private static string? FindFault(PlanDocument document) => document switch
    {
        { Format: < 1 } => "its format is not a number of at least 1",
        { Accepted.IsDefault: true } or { Devices.IsDefault: true } or { Steps.IsDefault: true } or { Findings.IsDefault: true }
            or { Options.Accept.IsDefault: true } or { Host.Devices.IsDefault: true } => "a list is missing",
        { Kind: PlanKind.Assign or PlanKind.Release } and ({ Domain: null or "" } or { Connection: null or "" } or { Devices.IsEmpty: true }) =>
            "it does not name its devices, domain and connection",
        { Kind: PlanKind.Combined } and ({ Connection: null or "" } or { Domains: null } or { Domains.IsDefaultOrEmpty: true }) => "it does not name its domains and connection",
        { Domains: { } domains } when domains.IsDefault || domains.Any(domain => domain is null || domain.Devices.IsDefaultOrEmpty || domain.Domain is not { Length: > 0 } || domain.Kind is not (PlanKind.Assign or PlanKind.Release)) =>
            "a domain does not name its devices and what is done",
        { Kind: PlanKind.VirtualFunctions } and ({ VirtualFunctions: null or < 0 } or { Devices.IsEmpty: true }) =>
            "it does not name the physical function and its number of virtual functions",
        { VirtualFunctionSettings: { } settings } when settings.IsDefault || settings.Any(each => each is null) => "an element of a list is missing",
        { Kind: PlanKind.Bind or PlanKind.Unbind or PlanKind.Reset or PlanKind.Persist or PlanKind.Unpersist } and ({ Request: null } or { Devices.IsEmpty: true }) => "it does not name its devices and its request",
        { Kind: PlanKind.CreateMediatedDevice } and not { Request: { MediatedUuid: not null, MediatedParent.Length: > 0, MediatedType.Length: > 0 } }
            or { Kind: PlanKind.RemoveMediatedDevice } and not { Request.MediatedUuid: not null } => "it does not name its mediated device",
        { Kind: PlanKind.Boot or PlanKind.RevertBoot, Boot: null } => "it does not contain the change of the boot configuration",
        { Boot: { } boot } when boot.Add.IsDefault || boot.Remove.IsDefault || boot.LoadModules.IsDefault || boot.AllowModules.IsDefault || boot.Reasons.IsDefault || boot.Files.IsDefault =>
            "a list is missing",
        _ when document.Steps.Any(step => step is null) || document.Findings.Any(finding => finding is null) => "an element of a list is missing",
        _ => null,
    };

    private static SavedPlanException Damaged(string reason, Exception? cause = null) =>
        new(SavedPlanProblem.Damaged, $"the text is not a saved plan: {reason.TrimEnd('.')}; save it again (Plan.ToJson)", cause);
}
