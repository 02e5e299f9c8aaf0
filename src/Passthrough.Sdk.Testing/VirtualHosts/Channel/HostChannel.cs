using System.Globalization;
using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>The requests to the agent in a host, and its answers (Guest/agent.sh).</summary>
internal sealed class HostChannel(string nonce)
{
    private const int KilledCode = 137; // a shell's for SIGKILL

    private readonly Lock _gate = new();
    private readonly StringBuilder _line = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<int>? _exit;
    private Stream? _requests;
    private int _number;

    /// <summary>The output of the commands.</summary>
    public MarkedStream Output { get; } = new(nonce);

    /// <summary>The errors of the commands.</summary>
    public MarkedStream Errors { get; } = new(nonce);

    /// <summary>Ends when the host takes commands.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Ends when no answer can come any more.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Names where the requests go.</summary>
    public void Open(Stream requests) => _requests = requests;

    /// <summary>No answer can come any more.</summary>
    public void Close() => _closed.TrySetResult();

    /// <summary>Takes answers.</summary>
    public void Answer(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            if (letter != '\n')
            {
                _line.Append((char)letter);
                continue;
            }

            var words = _line.ToString().Split(' ');
            _line.Clear();
            if (words is ["ready"])
            {
                _ready.TrySetResult();
            }
            else if (words is ["exit", var number, var code])
            {
                lock (_gate)
                {
                    if (number == _number.ToString(CultureInfo.InvariantCulture))
                    {
                        _exit?.TrySetResult(int.Parse(code, CultureInfo.InvariantCulture));
                    }
                }
            }
        }
    }

    /// <summary>Asks for a command. One at a time.</summary>
    /// <returns>The number of the command, and its exit code, output and errors when it is complete.</returns>
    public (int Number, Task<(int ExitCode, string Output, string Errors)> Answer) Run(HostCommand command)
    {
        Task<int> exit;
        int number;
        lock (_gate)
        {
            number = ++_number;
            _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
            exit = _exit.Task;
        }

        var (output, errors) = (Output.Next(number), Errors.Next(number));
        var sent = SendAsync(string.Create(CultureInfo.InvariantCulture, $"run {number} {ShellWord.ScriptOf(command)}\n"));
        return (number, Collect());

        async Task<(int, string, string)> Collect()
        {
            await sent.ConfigureAwait(false);
            return (await exit.ConfigureAwait(false), await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
    }

    /// <summary>Waits for the end of a command, and kills it with its process group when its time is over.</summary>
    /// <param name="number">The command.</param>
    /// <param name="answer">Its answer, which comes also if it is killed.</param>
    /// <param name="grace">How long the host may take to kill it.</param>
    /// <param name="over">Its time is over.</param>
    /// <param name="end">Nobody waits any longer: <see cref="CommandEnd.NoAnswer"/>.</param>
    public async Task<CommandEnd> WaitAsync(int number, Task<(int ExitCode, string Output, string Errors)> answer, TimeSpan grace, CancellationToken over, CancellationToken end)
    {
        var first = await Task.WhenAny(answer, Closed, Task.Delay(Timeout.Infinite, over)).ConfigureAwait(false);
        if (first == answer || first == Closed)
        {
            return first == answer ? CommandEnd.ByItself : CommandEnd.HostEnded;
        }

        // Not awaited: a host that reads no requests does not take this one either.
        _ = SendAsync(string.Create(CultureInfo.InvariantCulture, $"kill {number}\n"));
        first = await Task.WhenAny(answer, Closed, Task.Delay(grace, end)).ConfigureAwait(false);
        return first == Closed ? CommandEnd.HostEnded
            : first != answer ? CommandEnd.NoAnswer
            // It may have ended while the kill was on its way.
            : (await answer.ConfigureAwait(false)).ExitCode == KilledCode ? CommandEnd.Killed
            : CommandEnd.ByItself;
    }

    private async Task SendAsync(string line)
    {
        try
        {
            await _requests!.WriteAsync(Encoding.UTF8.GetBytes(line)).ConfigureAwait(false);
            await _requests.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            Close(); // QEMU has ended
        }
    }
}
