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
    private readonly Thread _keeper;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private QemuProcess(HostParts parts, IEnumerable<string> arguments)
    {
        _process = new()
        {
            StartInfo = new(parts.Leash, ["--pdeathsig", "KILL", "--", parts.Qemu, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _keeper = new(Keep) { IsBackground = true, Name = "virtual host: QEMU" };
    }

    /// <summary>Its exit code, when it has ended.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Its standard input.</summary>
    public Stream Input { get; private set; } = Stream.Null;

    /// <summary>Its standard output.</summary>
    public Stream Output { get; private set; } = Stream.Null;

    /// <summary>Its standard error.</summary>
    public Stream Errors { get; private set; } = Stream.Null;

    /// <summary>Starts it.</summary>
    public static async Task<QemuProcess> StartAsync(HostParts parts, IEnumerable<string> arguments)
    {
        var qemu = new QemuProcess(parts, arguments);
        qemu._keeper.Start();
        try
        {
            await qemu._started.Task.ConfigureAwait(false);
            return qemu;
        }
        catch
        {
            qemu.Dispose();
            throw;
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            if (_started.Task.IsCompletedSuccessfully && !_exited.Task.IsCompleted)
            {
                _process.Kill();
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
        _process.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The exception goes to the one who waits for the start.")]
    private void Keep()
    {
        try
        {
            _process.Start();
            (Input, Output, Errors) = (_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream, _process.StandardError.BaseStream);
            _started.SetResult();
            _process.WaitForExit();
            _exited.SetResult(_process.ExitCode);
        }
        catch (Exception exception)
        {
            _started.TrySetException(exception);
            _exited.TrySetException(exception);
        }
    }
}
