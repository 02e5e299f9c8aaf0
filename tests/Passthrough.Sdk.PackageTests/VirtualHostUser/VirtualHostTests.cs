using System.Diagnostics;
using Passthrough.Sdk.Testing;
using Xunit;

/// <summary>What a stranger does to a virtual host.</summary>
public sealed class VirtualHostTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_and_methods_bring_back_what_they_do()
    {
        await using var host = await Start();

        string[] words = ["a b", "it's", "\"q\"", "ü€", "new\nline\n", "back\\slash", "$HOME", ""];
        Assert.Equal(string.Concat(words.Select(word => $"[{word}]")), (await host.RunAsync("printf", ["[%s]", .. words])).Output);
        var failed = await host.RunAsync("sh", "-c", "echo out >/dev/stdout; echo err >/dev/stderr; exit 3");
        Assert.Equal((3, "out\n", "err\n"), (failed.ExitCode, failed.Output, failed.Errors));
        Assert.Equal(127, (await host.RunAsync("nonesuch")).ExitCode);
        Assert.Contains("exit code 127", Assert.Throws<HostCommandException>(() => failed with { ExitCode = 127 } is var other ? other.EnsureSuccess() : other).Message);

        var big = await host.RunAsync("head", "-c", "10485760", "/dev/zero");
        Assert.Equal(10485760, big.Output.Length);
        output.WriteLine($"10 MiB of output: {big.Duration.TotalSeconds:0.0} s");

        var daemon = await host.RunAsync("sh", "-c", "(while sleep 0.1; do echo noise; done) & echo started $!");
        Assert.StartsWith("started ", daemon.Output);
        Assert.True(daemon.Duration < TimeSpan.FromSeconds(30));
        await host.RunAsync("sleep", "1");
        Assert.Equal("quiet\n", (await host.RunAsync("echo", "quiet")).Output);
        Assert.Equal(0, (await host.RunAsync("kill", "-0", daemon.Output.Trim()["started ".Length..])).ExitCode);

        var late = await Assert.ThrowsAsync<HostCommandException>(() => host.RunAsync(new HostCommand("sh", "-c", "echo before; sleep 60 | cat") { Timeout = TimeSpan.FromSeconds(3) }, Token));
        Assert.True(late.IsTimeout);
        Assert.Equal("before\n", late.Result.Output);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.RunAsync(new HostCommand("sleep", "60"), cancel.Token));

        var said = await host.RunAsync(Greet, "it's me");
        Assert.Equal(("hello it's me", "on stdout\n"), (said.Value, said.Output));
        output.WriteLine($"a method: {said.Duration.TotalSeconds:0.0} s");
        var thrown = await Assert.ThrowsAsync<HostMethodException>(() => host.RunAsync(Throw));
        Assert.Equal(("System.InvalidOperationException", "no"), (thrown.OriginalType, thrown.OriginalMessage));
        Assert.Contains(nameof(Throw), thrown.OriginalText);
        Assert.Contains("exit code 7", (await Assert.ThrowsAsync<HostMethodException>(() => host.RunAsync(() => Environment.Exit(7)))).Message);
        Assert.Equal("still here\n", (await host.RunAsync("echo", "still here")).Output);
    }

    [Fact]
    public async Task Two_hosts_run_at_once_with_another_IOMMU_each_and_share_a_directory()
    {
        var shared = Directory.CreateTempSubdirectory("virtual, host ");
        var hosts = await Task.WhenAll(Start(o => o.Iommu = VirtualIommu.AmdVi), Start(o => (o.Iommu, o.ShareDirectory) = (VirtualIommu.None, shared.FullName)));
        await using var amd = hosts[0];
        await using var none = hosts[1];

        var groups = await Task.WhenAll(hosts.Select(host => host.RunAsync("ls", "/sys/kernel/iommu_groups")));
        Assert.NotEmpty(groups[0].Output);
        Assert.Empty(groups[1].Output);
        await none.RunAsync("sh", "-c", "echo from inside >/out/file; echo gone >/opt/gone");
        Assert.Equal("from inside\n", await File.ReadAllTextAsync(Path.Combine(shared.FullName, "file"), Token));
        Assert.False(File.Exists("/opt/gone"));
        shared.Delete(recursive: true);
    }

    [Fact]
    public async Task A_kernel_that_panics_a_host_that_ends_and_one_that_is_too_slow_are_reported()
    {
        var panic = await Assert.ThrowsAsync<VirtualHostException>(() => Start(o => o.KernelParameters = ["rdinit=/nonesuch", "init=/nonesuch"]));
        Assert.Contains("Kernel panic", panic.Message);
        var slow = await Assert.ThrowsAsync<VirtualHostException>(() => Start(o => o.StartTimeout = TimeSpan.FromSeconds(0.5)));
        Assert.Contains("did not take commands within 0.5 s", slow.Message);
        await using var host = await Start(o => o.LoadDrivers = false);
        var crash = await Assert.ThrowsAsync<VirtualHostException>(() => host.RunAsync("sh", "-c", "echo c >/proc/sysrq-trigger"));
        Assert.Contains("Kernel panic", crash.Message);
        await Assert.ThrowsAsync<VirtualHostException>(() => host.RunAsync("true"));
        await host.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.RunAsync("true"));
    }

    /// <summary>Started by another process, which kills this one.</summary>
    [Fact(Explicit = true)]
    public async Task Waits_to_be_killed()
    {
        await using var host = await Start(o => o.KernelParameters = [$"mark={Environment.GetEnvironmentVariable("MARK")}"]);
        Console.WriteLine("the host runs");
        await Task.Delay(Timeout.Infinite, Token);
    }

    private static string Greet(string who)
    {
        Console.WriteLine("on stdout");
        return $"hello {who}";
    }

    private static void Throw() => throw new InvalidOperationException("no");

    private async Task<VirtualHost> Start(Action<VirtualHostOptions>? configure = null)
    {
        var started = Stopwatch.GetTimestamp();
        var iommu = VirtualIommu.Vtd;
        var host = await VirtualHost.StartAsync(o => { configure?.Invoke(o); iommu = o.Iommu; }, Token);
        output.WriteLine($"StartAsync, {iommu}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        return host;
    }
}
