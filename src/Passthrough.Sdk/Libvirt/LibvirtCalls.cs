using System.Diagnostics;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Makes blocking calls on threads of their own, waits for them as long as the caller likes, and tidies up after those that were left behind.</summary>
internal static class LibvirtCalls
{
    /// <summary>The calls of one connection at the same time: a daemon handles five of a client by default (libvirtd.conf: max_client_requests).</summary>
    internal const int OfOneConnection = 5;

    /// <summary>Makes a call.</summary>
    /// <param name="connection">The connection that it is made on.</param>
    /// <param name="what">The name of the call in messages.</param>
    /// <param name="call">The call.</param>
    /// <param name="timeout">The time for the call and for its turn; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<T> RunAsync<T>(
        ILibvirtConnection connection, string what, Func<T> call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var turns = (connection as LibvirtConnection)?.Turns;
        if (turns is not null && !await turns.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            throw LibvirtTimeoutException.Of(connection.Uri, what, timeout);
        }

        var task = Offload.Run(
            () =>
            {
                try
                {
                    return call();
                }
                finally
                {
                    turns?.Release();
                }
            },
            CancellationToken.None);
        return await WaitAsync(task, Remaining(timeout, started), () => LibvirtTimeoutException.Of(connection.Uri, what, timeout), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a call. When the wait ends first, the call is left behind, and what it returns is disposed of.</summary>
    /// <param name="task">The call, on a thread of its own.</param>
    /// <param name="timeout">The time for it.</param>
    /// <param name="late">Creates the exception for a call that takes longer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<T> WaitAsync<T>(Task<T> task, TimeSpan timeout, Func<LibvirtTimeoutException> late, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (task.IsCompleted)
            {
                // It ended at the last moment, or has a time-out of its own to report.
                return await task.ConfigureAwait(false);
            }

            LeaveBehind(task);
            throw late();
        }
        catch (OperationCanceledException)
        {
            LeaveBehind(task);
            throw;
        }
    }

    private static TimeSpan Remaining(TimeSpan timeout, long started)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return timeout;
        }

        var remaining = timeout - Stopwatch.GetElapsedTime(started);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private static void LeaveBehind<T>(Task<T> task) =>
        _ = task.ContinueWith(Discard, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // Nobody is there any more to dispose of what the call returned, or to hear of its error.
    private static void Discard<T>(Task<T> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            _ = task.Exception;
            return;
        }

        (task.Result as IDisposable)?.Dispose();
        foreach (var each in task.Result as IEnumerable<IDisposable> ?? [])
        {
            each.Dispose();
        }
    }
}
