namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>The calls that give something back to one daemon, made one after the other on a thread that lasts as long as there are any.</summary>
/// <remarks>
/// Each of them waits for the daemon's answer: up to half a minute if it was stopped. Neither a finaliser nor a thread of the thread pool may
/// wait for that, and one daemon that does not answer must not hold up what another one is to get back: so each connection has its own.
/// </remarks>
internal sealed class ReleaseLane
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private TaskCompletionSource? _running;

    /// <summary>Makes the call after those that were posted before.</summary>
    public void Post(Action release)
    {
        lock (_gate)
        {
            _waiting.Enqueue(release);
            if (_running is not null)
            {
                return;
            }

            _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            new Thread(Run) { IsBackground = true, Name = "libvirt release" }.Start();
        }
    }

    /// <summary>Waits until all posted calls have returned.</summary>
    /// <returns>False if the time is over first.</returns>
    public bool Wait(TimeSpan timeout)
    {
        Task running;
        lock (_gate)
        {
            running = _running?.Task ?? Task.CompletedTask;
        }

        return running.Wait(timeout);
    }

    private void Run()
    {
        while (true)
        {
            Action release;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out release!))
                {
                    _running!.SetResult();
                    _running = null;
                    return;
                }
            }

            release();
        }
    }
}
