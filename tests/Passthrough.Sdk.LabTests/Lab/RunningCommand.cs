using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Passthrough.LabTests.Lab;

/// <summary>The command line while it runs: what it has said, what it is told, and the signals that it gets.</summary>
internal sealed class RunningCommand : IDisposable
{
    private const string Notice = "interrupted: finished steps are being undone; a second signal ends the program at once";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private RunningCommand(Process process)
    {
        _process = process;
        Follow(process.StandardOutput, _output);
        Follow(process.StandardError, _errors);
    }

    /// <summary>What was printed so far.</summary>
    public string Output => Text(_output);

    /// <summary>Starts the command line with these arguments.</summary>
    public static RunningCommand Start(string arguments) => new(Process.Start(new ProcessStartInfo("bash", ["-c", $"exec {CommandLine.Program} {arguments}"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    /// <summary>Waits until it has printed a text, on stdout or on stderr.</summary>
    public void WaitFor(string text)
    {
        var start = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal) && !Text(_errors).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(start.Elapsed < Patience && !_process.HasExited, $"'{text}' was not said: {Output}{Text(_errors)}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Types a line.</summary>
    public void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Sends a signal, <c>INT</c>, <c>TERM</c>, <c>KILL</c>; nothing when it has ended.</summary>
    public void Signal(string name) => Shell.Try($"kill -{name} {_process.Id.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Checks that stderr has one line at most, beside the notice that answers a signal, and returns that line.</summary>
    public static string OneLineOf(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != Notice).ToList();
        Assert.True(lines.Count <= 1, errors);
        return lines.Count == 0 ? "" : lines[0];
    }

    /// <summary>Waits for its end.</summary>
    public (int Code, string Output, string Errors) WaitForEnd()
    {
        Assert.True(_process.WaitForExit(Patience), $"it does not end: {Output}{Text(_errors)}");
        _process.WaitForExit(); // for the rest of what it said
        return (_process.ExitCode, Output, Text(_errors));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
        {
            return builder.ToString();
        }
    }

    // By characters: a question has no line end.
    private static void Follow(StreamReader reader, StringBuilder into)
    {
        var thread = new Thread(() =>
        {
            var buffer = new char[256];
            while (reader.Read(buffer) is var count && count > 0)
            {
                lock (into)
                {
                    into.Append(buffer, 0, count);
                }
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
    }
}
