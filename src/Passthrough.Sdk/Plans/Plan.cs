using System.Globalization;
using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans;

/// <summary>
/// A change of the host as data: its purpose, its findings, and every step. Printing a plan is the dry run; nothing is changed until
/// <see cref="ApplyAsync"/>.
/// </summary>
/// <remarks>
/// A plan describes the host at the time when it was made, so apply it soon. Thread safety: the data is immutable; apply a plan once,
/// from one thread.
/// </remarks>
public abstract class Plan
{
    private readonly ValueList<string> _accepted;

    private protected Plan(
        PlanKind kind, string purpose, ValueList<PciAddress> devices, ValueList<PlanStep> steps, ValueList<Finding> findings, ValueList<string> accepted)
    {
        Kind = kind;
        Purpose = purpose;
        Devices = devices;
        Findings = findings;
        _accepted = accepted;
        IsRefused = findings.Any(finding => PlanGuards.Refuses(finding, accepted));
        Steps = IsRefused ? [] : steps;
    }

    /// <summary>Gets the kind of the plan.</summary>
    public PlanKind Kind { get; }

    /// <summary>Gets the purpose of the plan in a few words: <c>assign 0000:01:00.0 to vm1 (qemu:///system)</c>.</summary>
    public string Purpose { get; }

    /// <summary>Gets the devices that the plan changes.</summary>
    public ValueList<PciAddress> Devices { get; }

    /// <summary>Gets the steps in the order in which they are done. Empty if the wanted state is already reached, or if the plan is refused.</summary>
    public ValueList<PlanStep> Steps { get; }

    /// <summary>Gets the findings: the reasons against the plan, and warnings; the root cause first.</summary>
    public ValueList<Finding> Findings { get; }

    /// <summary>
    /// Gets whether a guard refuses the plan: at least one of <see cref="Findings"/> is an error, or a guard of a device that could not
    /// be determined, and is not accepted (<see cref="PlanOptions.Accepted"/>).
    /// </summary>
    public bool IsRefused { get; }

    /// <summary>Gets the findings that would refuse the plan and were accepted.</summary>
    public ValueList<Finding> Accepted => [.. Findings.Where(finding => PlanGuards.IsAccepted(finding, _accepted))];

    /// <summary>
    /// Checks the guards again on a fresh capture, then does the steps one after another: writes the intent to the journal, does one
    /// thing, and verifies the result. If a step fails, that step and all steps before it are undone.
    /// </summary>
    /// <param name="progress">Receives the progress of every step, on the thread that does the step; null for none. Exceptions that it throws are logged and ignored.</param>
    /// <param name="cancellationToken">
    /// Stops between two steps, or while a step waits, and undoes the finished steps. A call inside libvirt and a write that the kernel
    /// blocks are not interrupted: the plan waits for them for a limited time. If they do not end, the plan's entry stays in the journal.
    /// </param>
    /// <exception cref="PlanRefusedException">A guard refuses the plan, possibly because of a change after the plan was made. Nothing was changed.</exception>
    /// <exception cref="StalePlanException">The host or the domain has changed since the plan was made. Nothing was changed.</exception>
    /// <exception cref="PlanFailedException">A step failed; the exception lists the steps that could not be undone.</exception>
    /// <exception cref="OperationCanceledException">The plan was cancelled; every finished step was undone.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt did not answer before the first step. Nothing was changed.</exception>
    /// <exception cref="PassthroughException">The journal cannot be written, or another program holds it. Nothing was changed.</exception>
    public Task ApplyAsync(IProgress<PlanProgress>? progress = null, CancellationToken cancellationToken = default) =>
        IsRefused
        ? throw new PlanRefusedException(PlanGuards.Refusing(Findings, _accepted), _accepted)
        : PlanTelemetry.ApplyAsync(this, () => RunAsync(progress, cancellationToken));

    /// <summary>
    /// Writes the plan as JSON, to be reviewed and applied later, perhaps by another program on the same host
    /// (<see cref="SavedPlan.Parse"/>, then <see cref="PassthroughHost.PlanAgain"/>).
    /// </summary>
    /// <returns>The purpose of the plan, its options, the identity of the host, and the steps and findings as they are shown. docs/plans.md describes every field.</returns>
    public string ToJson() => JsonSerializer.Serialize(ToDocument(), PlanDocumentJson.Plain.PlanDocument);

    /// <summary>Returns a readable description of the plan with its findings and steps.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Purpose).Append('\n');
        foreach (var finding in Findings)
        {
            var accepted = PlanGuards.IsAccepted(finding, _accepted) ? "accepted: " : "";
            text.Append(CultureInfo.InvariantCulture, $"  {accepted}{finding}\n    remedy: {finding.Remedy}\n");
        }

        foreach (var step in Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {step}\n     undo: {step.Undo}\n     like: {step.Command}\n");
        }

        if (Steps.IsEmpty)
        {
            text.Append(IsRefused ? "  refused: nothing would be changed\n" : $"  {NothingToDo}\n");
        }

        return text.ToString();
    }

    /// <summary>The origin of the plan, for its JSON.</summary>
    internal PlanOrigin Origin { get; init; } = PlanOrigin.Unknown;

    /// <summary>The plan as it is written as JSON.</summary>
    internal PlanDocument ToDocument() => Complete(new()
    {
        Format = PlanDocument.CurrentFormat,
        Kind = Kind,
        Purpose = Purpose,
        Refused = IsRefused,
        Accepted = [.. Accepted.Select(finding => finding.Id)],
        Devices = [.. Devices],
        Steps = [.. Steps],
        Findings = PlanDocumentFinding.Of(Findings),
        Options = PlanDocumentOptions.Of(Origin.Options),
        Host = Origin.Host,
    });

    /// <summary>What is printed for a plan without steps that no guard refuses.</summary>
    private protected virtual string NothingToDo => "nothing to do: the wanted state is already reached";

    /// <summary>Adds what plans of this kind are about.</summary>
    private protected abstract PlanDocument Complete(PlanDocument document);

    private protected abstract Task RunAsync(IProgress<PlanProgress>? progress, CancellationToken cancellationToken);
}
