using System.Collections.Immutable;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>The calls that give something back to one daemon, made one after the other on a thread that lasts as long as there are any.</summary>
/// <remarks>
/// <para>
/// Each of them waits for the daemon's answer: up to half a minute if it was stopped. Neither a finaliser nor a thread of the thread pool may
/// wait for that, and one daemon that does not answer must not hold up what another one is to get back: so each connection has its own.
/// </para>
/// <para>
/// Finalisers post here, when this may be as unreachable as they are. So nothing in it may have a finaliser: a lock has an event once two
/// threads have met at it, and that event may be finalised first.
/// </para>
/// </remarks>
internal sealed class ReleaseLane
{
    private State _state = State.Idle;

    /// <summary>Makes the call after those that were posted before.</summary>
    public void Post(Action release)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Change(state => new State(state.Waiting.Enqueue(release), state.End ?? end));
        if (before.End is null)
        {
            new Thread(Run) { IsBackground = true, Name = "libvirt release" }.Start();
        }
    }

    /// <summary>Waits until all posted calls have returned.</summary>
    /// <returns>False if the time is over first.</returns>
    public bool Wait(TimeSpan timeout) => Volatile.Read(ref _state).End?.Task.Wait(timeout) ?? true;

    private void Run()
    {
        while (true)
        {
            var before = Change(state => state.Waiting.IsEmpty ? State.Idle : state with { Waiting = state.Waiting.Dequeue() });
            if (before.Waiting.IsEmpty)
            {
                before.End!.SetResult();
                return;
            }

            before.Waiting.Peek()();
        }
    }

    /// <summary>Puts another state in the place of this one.</summary>
    /// <returns>The state before.</returns>
    private State Change(Func<State, State> next)
    {
        var before = Volatile.Read(ref _state);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _state, next(before), before);
            if (ReferenceEquals(seen, before))
            {
                return before;
            }

            before = seen;
        }
    }

    /// <param name="Waiting">The calls that were not begun yet.</param>
    /// <param name="End">Completed when the thread ends; null if no thread is running.</param>
    private sealed record State(ImmutableQueue<Action> Waiting, TaskCompletionSource? End)
    {
        public static State Idle { get; } = new(ImmutableQueue<Action>.Empty, null);
    }
}
