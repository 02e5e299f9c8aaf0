using System.Diagnostics;
using Passthrough.Sdk.Files;

namespace Passthrough.Sdk.Tests.Files;

/// <summary>The command that a plan shows for a file does what the step does.</summary>
public sealed class FileCommandTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("file-command");

    private string Target => Path.Combine(_directory.FullName, "new dir", "it's a file");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("one\n")]
    [InlineData("# it's $HOME `id` \\n\n\n\"two\"\n")]
    [InlineData("""{"start":"auto"}""")]
    [InlineData("{\n  \"attrs\": ['\\t']\n}")]
    [InlineData("before\nEOF\nafter\n")]
    [InlineData("")]
    public void A_shell_writes_exactly_the_content_and_removes_it_again(string content)
    {
        Run(FileCommand.Write(Target, content, 0x1ED, then: $"touch '{_directory.FullName}/then'"));
        Assert.Equal(content, File.ReadAllText(Target));
        Assert.True(File.Exists(Path.Combine(_directory.FullName, "then")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(Target));
        }

        Run(FileCommand.Remove(Target));
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void What_follows_does_not_run_if_the_file_cannot_be_written() =>
        Assert.NotEqual(0, Code(FileCommand.Write("/proc/self/nowhere/file", "x\n", then: "true")));

    private static void Run(string command) => Assert.Equal(0, Code(command));

    private static int Code(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true })!;
        _ = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return shell.ExitCode;
    }
}
