using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Plans.Guards;

/// <summary>
/// The right to change this machine, which only one plan has at a time. Every change of a device requires it,
/// and it is granted only with the journal locked, without an unfinished plan that blocks it, and after all guards were checked again.
/// </summary>
/// <remarks>Thread safety: none.</remarks>
internal sealed class PlanTurn : IDisposable
{
    private readonly PlanSubject _subject;
    private readonly PlanOptions _options;
    private readonly TimeProvider _time;

    private PlanTurn(PlanJournal journal, PlanSubject subject, PlanOptions options, TimeProvider time)
    {
        Journal = journal;
        _subject = subject;
        _options = options;
        _time = time;
    }

    /// <summary>The journal, locked.</summary>
    public PlanJournal Journal { get; }

    /// <summary>Waits for the journal, checks that the plan still matches the host, then checks the guards on a fresh capture.</summary>
    /// <exception cref="PlanRefusedException">A guard has changed since the plan was made, or an unfinished plan blocks this one.</exception>
    /// <exception cref="PassthroughException">
    /// The journal cannot be written, another program holds it for longer than <see cref="PlanOptions.JournalTimeout"/>, or the
    /// guards cannot be checked within <see cref="PlanOptions.LibvirtTimeout"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public static async Task<PlanTurn> BeginAsync(
        PlanSubject subject, PlanOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        options.BeforeJournal?.Invoke();
        var journal = await PlanJournal.OpenAsync(options.JournalDirectory, options.JournalTimeout, time, cancellationToken).ConfigureAwait(false);
        try
        {
            var turn = new PlanTurn(journal, subject, options, time);
            subject.Settle(journal);
            turn.Refuse(UnfinishedPlans.Find(journal.Read(), subject.Blocks));
            try
            {
                await subject.RefuseStaleAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (StalePlanException)
            {
                // A guard that has turned says why the plan no longer fits.
                await turn.AskGuardsAsync(cancellationToken).ConfigureAwait(false);
                throw;
            }

            await turn.AskGuardsAsync(cancellationToken).ConfigureAwait(false);
            return turn;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Checks the guards on a fresh capture: before the first step, and again before each later step that takes a device.</summary>
    /// <exception cref="PlanRefusedException">A guard refuses the plan.</exception>
    /// <exception cref="PassthroughException">There is no answer within <see cref="PlanOptions.LibvirtTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public async Task AskGuardsAsync(CancellationToken cancellationToken)
    {
        // On a thread of its own: the capture reads the kernel's files and asks libvirt, and either may not answer.
        var asked = Offload.Run(_subject.AskGuards, cancellationToken);
        try
        {
            Refuse(await asked.WaitAsync(_options.LibvirtTimeout, _time, cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutException e)
        {
            throw new PassthroughException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the guards of {string.Join(", ", _subject.Devices)} could not be checked within {_options.LibvirtTimeout.TotalSeconds:0.#} s: libvirt or a file of the kernel does not answer; ")
                + "find out what libvirtd waits for (its log, virsh list), then make the plan again",
                e);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Ends the turn, so that the next plan can begin.</summary>
    public void Dispose() => Journal.Dispose();

    private void Refuse(IEnumerable<Finding> findings)
    {
        var refusing = PlanGuards.Refusing(findings, _options.Accepted, _subject.Shown);
        if (!refusing.IsEmpty)
        {
            throw new PlanRefusedException(refusing, _options.Accepted);
        }
    }
}
