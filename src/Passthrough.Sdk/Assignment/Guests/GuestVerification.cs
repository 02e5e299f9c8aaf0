using System.Globalization;
using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Guests;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Guests;

/// <summary>
/// Asks the agent in a running guest whether the guest lists the devices that a plan plugs in: before the plan for what is there already, and
/// after it until every device is listed. The answers are information, so nothing here fails a plan, and everything has a deadline.
/// </summary>
/// <remarks>Thread safety: none.</remarks>
internal sealed class GuestVerification
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>The time for the question before the plan, and for a guest to bind a driver to a device that it lists.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    private readonly IAssignmentDomain _domain;
    private readonly PlanOptions _options;
    private readonly TimeProvider _time;
    private readonly ValueList<GuestQuestion> _questions;
    private Fact<GuestPciDevices> _before;

    private GuestVerification(IAssignmentDomain domain, PlanOptions options, TimeProvider time, ValueList<GuestQuestion> questions) =>
        (_domain, _options, _time, _questions) = (domain, options, time, questions);

    /// <summary>Asks for the devices that the guest has before the plan.</summary>
    /// <returns>What is to be ended after the plan; null if no step plugs a device into a running domain.</returns>
    public static async Task<GuestVerification?> BeginAsync(
        ValueList<PlanStep> steps, IAssignmentDomain domain, BindingRecords records, PlanOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ValueList<GuestQuestion> questions =
        [
            .. steps.Where(step => step.Kind == PlanStepKind.AttachLive).Select(step => new GuestQuestion(step, IdsOf(records.IdentityOf(step.Device!.Value)))),
        ];
        if (questions.IsEmpty)
        {
            return null;
        }

        var verification = new GuestVerification(domain, options, time, questions);
        (verification._before, _) = await verification.AskAsync(options.GuestTimeout < Short ? options.GuestTimeout : Short, cancellationToken).ConfigureAwait(false);
        return verification;
    }

    /// <summary>Waits until the guest lists the devices and reports its answer about each. It does not throw: the plan is complete.</summary>
    public async Task EndAsync(IProgress<PlanProgress>? progress, ILogger logger, CancellationToken cancellationToken)
    {
        foreach (var (question, check) in _questions.Zip(await WaitAsync(cancellationToken).ConfigureAwait(false)))
        {
            var device = check.Device.ToString();
            if (check.IsListed == false)
            {
                logger.NotInGuest(_domain.Name, device, check.Message);
            }
            else
            {
                logger.GuestChecked(_domain.Name, device, check.Message);
            }

            progress?.Report(new(question.Step, PlanStepState.CheckedInGuest) { Guest = check });
        }
    }

    private async Task<ValueList<GuestCheck>> WaitAsync(CancellationToken cancellationToken)
    {
        var (start, listed) = (_time.GetTimestamp(), default(long?));
        while (true)
        {
            var left = _options.GuestTimeout - _time.GetElapsedTime(start);
            var (answer, mayAnswerLater) = await AskAsync(left, cancellationToken).ConfigureAwait(false);
            var checks = GuestJudgement.Of(_questions, answer, _before, _options.GuestTimeout);
            left = _options.GuestTimeout - _time.GetElapsedTime(start);
            if (checks.All(check => check.IsListed == true))
            {
                listed ??= _time.GetTimestamp();
                if (checks.All(check => check.Listed!.Driver is not null) || _time.GetElapsedTime(listed.Value) >= Short)
                {
                    return checks;
                }
            }
            else if (answer.IsUnknown ? !mayAnswerLater : checks.All(check => check.IsListed != false))
            {
                return checks; // nothing that waiting could change
            }

            if (left <= Interval || cancellationToken.IsCancellationRequested)
            {
                return checks;
            }

            await Task.Delay(Interval, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(Fact<GuestPciDevices> Answer, bool MayAnswerLater)> AskAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await GuestInquiry.AskAsync(_domain.ReadLive, _domain.AskGuest, limit, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return (GuestInquiry.Unknown("the wait was cancelled"), false);
        }
#pragma warning disable CA1031 // It is said. The plan may be complete by now, and whatever a guest answers must not fail it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (GuestInquiry.Unknown(GuestAgent.Printable(e.Message)), false);
        }
    }

    // "0x8086 0x10d3 ..."; null where the kernel does not report them.
    private static (ushort Vendor, ushort Device)? IdsOf(string identity)
    {
        var parts = identity.Split(' ');
        return parts.Length > 1 && Id(parts[0]) is { } vendor && Id(parts[1]) is { } device ? (vendor, device) : null;
    }

    private static ushort? Id(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && ushort.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : null;
}
