using System.Diagnostics;
using System.Text;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing.VirtualHosts;

/// <summary>What goes to the agent in a virtual host, and what comes back.</summary>
public sealed class HostChannelTests
{
    [Fact]
    public async Task Any_argument_and_variable_arrives_as_it_is()
    {
        string[] words = ["a b", "it's", "\"q\"", "ü€😀", "new\nline\n", "back\\slash \\n \\\\", "$HOME `id`", "\t\r", "", "-n", "*"];

        Assert.Equal($"{string.Concat(words.Select(word => $"[{word}]"))}", await Execute(new("printf", ["[%s]", .. words])));
        Assert.Equal(
            "<x 'y'\n=z>/usr\n",
            await Execute(new("sh", "-c", "printf '<%s>' \"$A_1\"; pwd") { Environment = ["A_1=x 'y'\n=z"], Directory = "/usr" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("NAME")]
    [InlineData("1A=x")]
    [InlineData("A-B=x")]
    [InlineData("A;rm=x")]
    public void What_is_no_variable_is_refused(string text) => Assert.Throws<ArgumentException>(() => new HostCommand("true") { Environment = [text] });

    [Fact]
    public void A_NUL_character_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new HostCommand("a\0b"));
        Assert.Throws<ArgumentException>(() => new HostCommand("true", "a\0b"));
        Assert.Throws<ArgumentException>(() => new HostCommand(""));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Output_lies_between_its_marks_however_it_is_cut(int size)
    {
        var stream = new MarkedStream("n0");
        Append(stream, "of nobody\nn0:begin:0\nn0:end:0\n", size);
        var first = stream.Next(1);
        Append(stream, "n0:end:1\nof a daemon n0:begin:2\nn0:begin:1\nn0:begin:1 n0:en, and ü\nn0:end:1\nmore of a daemon", size);
        Assert.True(first.IsCompleted);
        Assert.Equal("n0:begin:1 n0:en, and ü\n", await first);
        var second = stream.Next(2);
        Append(stream, "n0:begin:2\nn0:end:2\n", size);
        Assert.True(second.IsCompleted);
        Assert.Equal("", await second);
    }

    [Fact]
    public async Task An_answer_is_complete_when_its_code_its_output_and_its_errors_are()
    {
        var channel = new HostChannel("n0");
        var requests = new MemoryStream();
        channel.Open(requests);
        channel.Answer("rea"u8);
        Assert.False(channel.Ready.IsCompleted);
        channel.Answer("dy\n"u8);
        Assert.True(channel.Ready.IsCompleted);

        var (number, answer) = channel.Run(new("true"));
        Assert.StartsWith($"run {number} export PATH=", Encoding.UTF8.GetString(requests.ToArray()), StringComparison.Ordinal);
        channel.Answer(Encoding.ASCII.GetBytes($"exit {number - 1} 9\nexit {number} 3\n"));
        channel.Output.Append(Encoding.ASCII.GetBytes($"n0:begin:{number}\nout\nn0:end:{number}\n"));
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(answer.IsCompleted);
        channel.Errors.Append(Encoding.ASCII.GetBytes($"n0:begin:{number}\nn0:end:{number}\n"));

        Assert.Equal((3, "out\n", ""), await answer);
    }

    [Fact]
    public async Task A_command_that_ends_in_the_instant_in_which_its_time_is_over_was_not_killed()
    {
        using var requests = new MemoryStream();
        var (channel, number, answer) = Started(requests);
        Complete(channel, number, code: 0);
        await answer;

        Assert.Equal(CommandEnd.ByItself, await channel.WaitAsync(number, answer, TimeSpan.FromMinutes(1), over: new(canceled: true), end: CancellationToken.None));
        Assert.DoesNotContain("kill", Encoding.UTF8.GetString(requests.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(137, (int)CommandEnd.Killed)]
    [InlineData(3, (int)CommandEnd.ByItself)] // while the kill was on its way
    public async Task A_command_whose_time_is_over_is_killed_if_it_has_not_ended_meanwhile(int code, int how)
    {
        using var requests = new MemoryStream();
        var (channel, number, answer) = Started(requests);
        var end = channel.WaitAsync(number, answer, TimeSpan.FromMinutes(1), over: new(canceled: true), end: CancellationToken.None);
        Assert.False(end.IsCompleted);
        Assert.EndsWith($"\nkill {number}\n", Encoding.UTF8.GetString(requests.ToArray()), StringComparison.Ordinal);
        Complete(channel, number, code);

        Assert.Equal((CommandEnd)how, await end);
    }

    [Fact]
    public async Task A_host_that_does_not_even_take_the_kill_is_given_up()
    {
        using var requests = new MemoryStream();
        var (channel, number, answer) = Started(requests);
        channel.Open(new BlockedStream());

        Assert.Equal(CommandEnd.NoAnswer, await channel.WaitAsync(number, answer, TimeSpan.FromMilliseconds(50), over: new(canceled: true), end: CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.Equal(CommandEnd.NoAnswer, await channel.WaitAsync(number, answer, TimeSpan.FromHours(1), over: new(canceled: true), end: new(canceled: true)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        channel.Close();
        Assert.Equal(CommandEnd.HostEnded, await channel.WaitAsync(number, answer, TimeSpan.FromHours(1), over: new(canceled: true), end: CancellationToken.None));
    }

    private static (HostChannel Channel, int Number, Task<(int ExitCode, string Output, string Errors)> Answer) Started(Stream requests)
    {
        var channel = new HostChannel("n0");
        channel.Open(requests);
        var (number, answer) = channel.Run(new("true"));
        return (channel, number, answer);
    }

    private static void Complete(HostChannel channel, int number, int code)
    {
        channel.Output.Append(Encoding.ASCII.GetBytes($"n0:begin:{number}\nn0:end:{number}\n"));
        channel.Errors.Append(Encoding.ASCII.GetBytes($"n0:begin:{number}\nn0:end:{number}\n"));
        channel.Answer(Encoding.ASCII.GetBytes($"exit {number} {code}\n"));
    }

    // The agent's way: read, printf %b, a shell.
    private static async Task<string> Execute(HostCommand command)
    {
        var script = ShellWord.ScriptOf(command);
        Assert.DoesNotContain('\n', script);
        const string agent = "IFS=' ' read -r verb number text; printf '%b' \"$text\" >\"$0\"; sh \"$0\"";
        var file = Path.GetTempFileName();
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", agent, file])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        await process.StandardInput.WriteAsync($"run 1 {script}\n");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        File.Delete(file);
        return output;
    }

    /// <summary>A pipe that is full, and that nobody reads.</summary>
    private sealed class BlockedStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(Task.Delay(Timeout.Infinite, cancellationToken));
    }

    private static void Append(MarkedStream stream, string text, int size)
    {
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(size))
        {
            stream.Append(part);
        }
    }
}
