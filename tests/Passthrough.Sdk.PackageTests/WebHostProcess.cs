using System.Diagnostics;
using System.Text;

namespace Passthrough.Sdk.PackageTests;

/// <summary>The web program while it runs.</summary>
public sealed class WebHostProcess : IAsyncDisposable
{
    private const string Listens = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebHostProcess(Process process) => _process = process;

    /// <summary>Where it answers.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Starts the program on a free port and waits until it answers.</summary>
    /// <param name="program">The built program: an assembly, or one that was compiled ahead of time.</param>
    /// <param name="root">The root of the host that it reads.</param>
    public static async Task<WebHostProcess> StartAsync(string program, string root)
    {
        var (file, arguments) = program.EndsWith(".dll", StringComparison.Ordinal) ? ("dotnet", (string[])[program]) : (program, []);
        var start = new ProcessStartInfo(file, [.. arguments, "--urls", "http://127.0.0.1:0", "--Passthrough:Root", root])
        {
            WorkingDirectory = Path.GetDirectoryName(program)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var host = new WebHostProcess(Process.Start(start)!);
        host.Listen();
        await host._address.Task.WaitAsync(TimeSpan.FromMinutes(2));
        return host;
    }

    /// <summary>Asks the program to end, as systemd does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"the program ended before it answered:\n{Text()}"));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.IndexOf(Listens, StringComparison.Ordinal) is >= 0 and var index)
        {
            _address.TrySetResult(new(line[(index + Listens.Length)..]));
        }
    }

    private string Text()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }
}
