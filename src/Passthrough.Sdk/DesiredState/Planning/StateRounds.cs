using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Applies the parts of a plan for a state, plans the state again, and goes on until nothing is owed.</summary>
/// <param name="again">Makes the plan again on the host of now.</param>
/// <param name="settle">Waits until udev has handled what the parts caused: it binds what a rule file names. A wait that is cancelled goes on and changes nothing.</param>
/// <param name="accepted">The accepted findings.</param>
internal sealed class StateRounds(Func<StatePlan> again, Func<Task> settle, ValueList<string> accepted)
{
    /// <summary>Enough for what depends on each other: a device returns, gets virtual functions, these get drivers, then mediated devices. One more for udev.</summary>
    public const int Most = 5;

    private readonly List<Plan> _finished = [];
    private int _steps;

    public async Task ApplyAsync(StatePlan plan, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
    {
        for (var round = 1; !plan.Steps.IsEmpty; round++)
        {
            await RunAsync(plan, progress, cancellationToken).ConfigureAwait(false);
            var next = await PlanAgainAsync(plan, cancellationToken).ConfigureAwait(false);
            if (next.IsRefused)
            {
                throw new StateFailedException(next, _finished.ToValueList(), new PlanRefusedException(PlanGuards.Refusing(next.Findings, accepted), accepted));
            }

            if (round == Most && !next.Steps.IsEmpty)
            {
                throw new StateFailedException(next, _finished.ToValueList(), new PassthroughException(string.Create(
                    CultureInfo.InvariantCulture, $"after {Most} rounds the step '{next.Steps[0].Description}' is needed again: another program or a rule of udev changes the host back")));
            }

            plan = next;
        }
    }

    // From here on the host is changed: whatever ends the rounds has to say what stays.
    private async Task<StatePlan> PlanAgainAsync(StatePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            await settle().WaitAsync(cancellationToken).ConfigureAwait(false);
            return await Offload.Run(again, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw Cancelled(e, cancellationToken);
        }
        catch (Exception e) when (IsOfHost(e))
        {
            throw new StateFailedException(plan, _finished.ToValueList(), e);
        }
    }

    private static bool IsOfHost(Exception error) => error is PassthroughException or IOException or UnauthorizedAccessException;

    private OperationCanceledException Cancelled(OperationCanceledException cause, CancellationToken cancellationToken) =>
        new($"the state was not reached: {cause.Message.TrimEnd('.')}; these parts stay: {string.Join("; ", _finished.Select(done => done.Purpose))}", cause, cancellationToken);

    private async Task RunAsync(StatePlan plan, IProgress<PlanProgress>? progress, CancellationToken cancellationToken)
    {
        var count = _steps + plan.Steps.Count;
        foreach (var part in plan.Parts)
        {
            try
            {
                await part.ApplyAsync(progress is null ? null : new Shifted(progress, _steps, count), cancellationToken).ConfigureAwait(false);
            }
            catch (StalePlanException) when (_finished.Count > 0)
            {
                return; // the parts before it changed more than they said, as a rule of udev does: the next round plans it again
            }
            catch (OperationCanceledException e) when (_finished.Count > 0)
            {
                throw Cancelled(e, cancellationToken);
            }
            catch (Exception e) when (_finished.Count > 0 && IsOfHost(e))
            {
                throw new StateFailedException(part, _finished.ToValueList(), e);
            }

            _finished.Add(part);
            _steps += part.Steps.Count;
        }
    }

    /// <summary>Counts the steps of all parts on.</summary>
    private sealed class Shifted(IProgress<PlanProgress> listener, int before, int count) : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value) => listener.Report(value with { Step = value.Step with { Number = before + value.Step.Number }, Count = count });
    }
}
