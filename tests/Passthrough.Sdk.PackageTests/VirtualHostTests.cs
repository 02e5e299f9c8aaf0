using System.Diagnostics;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.PackageTests;

/// <summary>A stranger's tests boot virtual hosts, from the package alone.</summary>
public sealed class VirtualHostTests(Packages packages, ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_users_tests_outside_of_the_checkout_boot_virtual_hosts_and_break_them()
    {
        Require();
        var program = await packages.BuildVirtualHostUser();
        var started = Stopwatch.GetTimestamp();
        using var nic = Start(program, "", "-class", "NicTests", "-showLiveOutput");
        var first = await nic.StandardOutput.ReadToEndAsync(Token);
        output.WriteLine($"{first}\nfrom the start of the program until it is green: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", first, StringComparison.Ordinal);

        using var others = Start(program, "", "-class", "VirtualHostTests", "-showLiveOutput");
        var text = await others.StandardOutput.ReadToEndAsync(Token);
        output.WriteLine(text);
        Assert.Contains("Total: 4, Errors: 0, Failed: 0, Skipped: 0, Not Run: 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QEMU_ends_when_the_test_process_is_killed()
    {
        Require();
        var program = await packages.BuildVirtualHostUser();
        var mark = $"mark={Guid.NewGuid():N}";
        using var process = Start(program, mark["mark=".Length..], "-explicit", "only", "-method", "VirtualHostTests.Waits_to_be_killed", "-showLiveOutput");
        try
        {
            while (await process.StandardOutput.ReadLineAsync(Token) is { } line && !line.Contains("the host runs", StringComparison.Ordinal))
            {
                output.WriteLine(line);
            }

            Assert.Single(ProcessesWith(mark));
        }
        finally
        {
            process.Kill();
        }

        await process.WaitForExitAsync(Token);
        var started = Stopwatch.GetTimestamp();
        while (ProcessesWith(mark).Count > 0 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(10, Token);
        }

        output.WriteLine($"QEMU ended within {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        Assert.Empty(ProcessesWith(mark));
    }

    private static void Require()
    {
        var missing = VirtualHost.FindMissing();
        Prerequisite.Require(missing.IsEmpty, string.Join("; ", missing));
    }

    private static Process Start(string program, string mark, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, Environment = { ["MARK"] = mark } })!;

    private static List<string> ProcessesWith(string word) =>
        [.. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _) && CommandLineOf(folder).Contains(word, StringComparison.Ordinal))];

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }
}
