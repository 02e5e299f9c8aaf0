using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Assignment;

/// <summary>
/// Every step that gives devices to a domain, or takes them back, as data: printing it is the dry run. Nothing happens
/// before <see cref="ApplyAsync"/>.
/// </summary>
/// <remarks>Thread safety: the data is immutable; apply a plan once, from one thread.</remarks>
public sealed class AssignmentPlan
{
    private readonly AssignmentExecutor _executor;

    internal AssignmentPlan(
        AssignmentIntent intent,
        string connection,
        string domain,
        ImmutableArray<AssignedDevice> devices,
        ImmutableArray<AssignmentStep> steps,
        ImmutableArray<Finding> findings,
        string definitionBefore,
        AssignmentExecutor executor)
    {
        Intent = intent;
        Connection = connection;
        Domain = domain;
        Devices = devices;
        Steps = steps;
        Findings = findings;
        DefinitionBefore = definitionBefore;
        _executor = executor;
    }

    /// <summary>Whether devices go to the domain or come back.</summary>
    public AssignmentIntent Intent { get; }

    /// <summary>The hypervisor's URI (<c>virsh uri</c>).</summary>
    public string Connection { get; }

    /// <summary>The domain's name.</summary>
    public string Domain { get; }

    /// <summary>The devices, as they were when the plan was made.</summary>
    public ImmutableArray<AssignedDevice> Devices { get; }

    /// <summary>What will be done, in this order. Empty when everything is as wanted already, or when the plan is refused.</summary>
    public ImmutableArray<AssignmentStep> Steps { get; }

    /// <summary>What speaks against it, and what one should know; the root cause first.</summary>
    public ImmutableArray<Finding> Findings { get; }

    /// <summary>Whether a guard refuses the plan: at least one of <see cref="Findings"/> is an error.</summary>
    public bool IsRefused => Findings.Any(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>The domain's definition when the plan was made; not public, since it holds secrets.</summary>
    internal string DefinitionBefore { get; }

    /// <summary>
    /// Does every step: writes its intent to the journal, does it, verifies that it happened. If one fails, it and all
    /// before it are taken back.
    /// </summary>
    /// <param name="progress">Gets the news of every step, on the thread that does it; null for none.</param>
    /// <param name="cancellationToken">Stops between two steps, or while one waits, and takes back what was done. A call inside libvirt is not interrupted.</param>
    /// <exception cref="AssignmentRefusedException">A guard refuses the plan. Nothing was changed.</exception>
    /// <exception cref="StalePlanException">The host or the domain has changed since the plan was made. Nothing was changed.</exception>
    /// <exception cref="AssignmentFailedException">A step failed; what could not be taken back stands in it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; everything done was taken back.</exception>
    /// <exception cref="PassthroughException">The journal cannot be written. Nothing was changed.</exception>
    public Task ApplyAsync(IProgress<AssignmentProgress>? progress = null, CancellationToken cancellationToken = default) =>
        IsRefused ? throw new AssignmentRefusedException(Findings) : _executor.ApplyAsync(this, progress, cancellationToken);

    /// <summary>The dry run: every step, every risk.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var devices = string.Join(", ", Devices.Select(device => device.Address));
        text.Append(CultureInfo.InvariantCulture, $"{(Intent == AssignmentIntent.Assign ? $"assign {devices} to" : $"release {devices} from")} {Domain} ({Connection})\n");
        foreach (var finding in Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {finding}\n    remedy: {finding.Remedy}\n");
        }

        foreach (var step in Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {step}\n     undo: {step.Undo}\n     like: {step.Command}\n");
        }

        if (Steps.IsEmpty)
        {
            text.Append(IsRefused ? "  refused: nothing would be done\n" : "  nothing to do: it is so already\n");
        }

        return text.ToString();
    }
}
