using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Passthrough.Sdk.Testing;

/// <summary>QEMU, which ends with this process, however this one ends.</summary>
/// <remarks>
/// The kernel kills it when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG), so a thread of its own starts it and stays until it
/// ends. Besides, the agent in the host switches the host off when the channel of its requests closes.
/// </remarks>
internal sealed class QemuProcess : IDisposable
{
    private readonly ProcessStartInfo _start;
    private readonly Thread _keeper;
    private readonly TaskCompletionSource<Process> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private QemuProcess(HostParts parts, IEnumerable<string> arguments)
    {
        _start = new(parts.Leash, ["--pdeathsig", "KILL", "--", parts.Qemu, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _keeper = new(Keep) { IsBackground = true, Name = "virtual host: QEMU" };
    }

    /// <summary>Its exit code, when it has ended.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Starts it.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    public static async Task<(QemuProcess Qemu, Process Process)> StartAsync(HostParts parts, IEnumerable<string> arguments)
    {
        var qemu = new QemuProcess(parts, arguments);
        qemu._keeper.Start();
        return (qemu, await qemu._started.Task.ConfigureAwait(false));
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            if (_started.Task is { IsCompletedSuccessfully: true, Result: var process } && !_exited.Task.IsCompleted)
            {
                process.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Ends it and waits for that.</summary>
    public void Dispose()
    {
        Kill();
        _keeper.Join();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The exception goes to the one who waits for the start.")]
    private void Keep()
    {
        try
        {
            using var process = Process.Start(_start)!;
            _started.SetResult(process);
            process.WaitForExit();
            _exited.SetResult(process.ExitCode);
        }
        catch (Exception exception)
        {
            _started.TrySetException(exception);
            _exited.TrySetException(exception);
        }
    }
}
