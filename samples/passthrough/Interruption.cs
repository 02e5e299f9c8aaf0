using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;

namespace Passthrough.Cli;

/// <summary>
/// Handles SIGINT, SIGTERM and SIGHUP while a verb runs: the first signal cancels, so that finished steps are undone and the result is
/// reported; the second ends the program at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly string _atOnce;
    private readonly string? _notice;
    private string? _signal;

    private Interruption(string atOnce, string? notice)
    {
        _atOnce = atOnce;
        _notice = notice;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal),
        ];
    }

    /// <summary>Runs a verb that changes something.</summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> verb)
    {
        using var interruption = new Interruption(
            "ended at once by a second signal; the journal contains the unfinished plan: run passthrough recover",
            "interrupted: finished steps are being undone; a second signal ends the program at once");
        try
        {
            return await verb(interruption._source.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (interruption._signal is { } signal)
        {
            // The library reports what happened to a plan; anything else was cancelled before there was a plan to apply.
            throw new PassthroughException(
                e.GetType() == typeof(OperationCanceledException) && e.Message != new OperationCanceledException().Message
                    ? $"interrupted by {signal}: {e.Message}"
                    : $"interrupted by {signal}; nothing was changed",
                e);
        }
    }

    /// <summary>Runs a verb that only reads: it ends in an orderly way at the first signal.</summary>
    public static async Task<int> WatchAsync(Func<CancellationToken, Task<int>> verb)
    {
        using var interruption = new Interruption("ended at once by a second signal", notice: null);
        return await verb(interruption._source.Token).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _signal, context.Signal.ToString(), null) is not null)
        {
            Say($"passthrough: {_atOnce}");
            Environment.Exit(ExitCode.Failed);
        }

        // Cancel first: after a hang-up nothing may read the output, and a full pipe would block the writer.
        _source.Cancel();
        if (_notice is not null)
        {
            Say(_notice);
        }
    }

    private static void Say(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (IOException)
        {
            // The terminal is gone, so nothing could read this.
        }
    }
}
