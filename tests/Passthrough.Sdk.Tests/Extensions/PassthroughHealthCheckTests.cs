using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Moq;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Extensions;

public sealed class PassthroughHealthCheckTests : IDisposable
{
    private readonly FakeHost _fake = ReadyHost.Create();
    private readonly PassthroughOptions _options = new();
    private readonly List<ILibvirtConnectionSource> _connections = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_host_that_is_ready_is_healthy()
    {
        var result = await Check();

        Assert.Equal((HealthStatus.Healthy, "passthrough is ready"), (result.Status, result.Description));
        Assert.Equal((_fake.Root, 2), ((string)result.Data["host.source"], (int)result.Data["host.devices"]));
    }

    [Fact]
    public async Task An_error_is_unhealthy_or_what_the_registration_says_and_the_findings_are_data()
    {
        var error = Finding(FindingIds.KvmUnavailable, FindingSeverity.Error);
        var other = Finding(FindingIds.GroupShared, FindingSeverity.Info);

        var result = await Check(findings: [error, other, other with { Title = "another" }]);

        Assert.Equal((HealthStatus.Unhealthy, "passthrough is not ready: the title"), (result.Status, result.Description));
        Assert.Equal("error: the title - the remedy", result.Data[FindingIds.KvmUnavailable]);
        Assert.Equal("info: the title - the remedy\ninfo: another - the remedy", result.Data[FindingIds.GroupShared]);
        Assert.Equal(HealthStatus.Degraded, (await Check(HealthStatus.Degraded, findings: [error])).Status);
    }

    [Fact]
    public async Task What_cannot_be_determined_is_degraded()
    {
        var unknown = Finding(FindingIds.KvmUnavailable, FindingSeverity.Info) with { IsUndetermined = true, PossibleSeverity = FindingSeverity.Error };

        var result = await Check(findings: [unknown]);

        Assert.Equal((HealthStatus.Degraded, "readiness cannot be determined: the title"), (result.Status, result.Description));
        Assert.Equal("undetermined: the title - the remedy", result.Data[FindingIds.KvmUnavailable]);
    }

    [Theory]
    [InlineData(HealthStatus.Healthy)]
    [InlineData(HealthStatus.Degraded)]
    [InlineData(HealthStatus.Unhealthy)]
    public async Task A_warning_is_what_the_option_says(HealthStatus health)
    {
        _options.WarningStatus = health;

        Assert.Equal(health, (await Check(findings: [Finding(FindingIds.GroupShared, FindingSeverity.Warning)])).Status);
    }

    [Theory]
    [InlineData(FindingIds.StateDriverDiffers, HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    [InlineData(FindingIds.StateDriverDiffers, HealthStatus.Healthy, HealthStatus.Healthy)]
    [InlineData(FindingIds.StateAwaitsReboot, HealthStatus.Unhealthy, HealthStatus.Degraded)]
    [InlineData(FindingIds.StateAwaitsReboot, HealthStatus.Healthy, HealthStatus.Healthy)]
    public async Task Drift_is_what_the_option_says_and_a_pending_reboot_at_most_degraded(string id, HealthStatus option, HealthStatus expected)
    {
        _options.DriftStatus = option;

        var result = await Check(status => status with { State = new([Finding(id, FindingSeverity.Warning)]) });

        Assert.Equal(expected, result.Status);
        Assert.Equal("warning: the title - the remedy", result.Data[id]);
    }

    [Fact]
    public async Task A_state_that_cannot_be_compared_is_degraded()
    {
        Assert.Equal((HealthStatus.Degraded, "no file"), Of(await Check(status => status with { StateProblem = "no file" })));
        Assert.Equal(
            (HealthStatus.Degraded, "the desired state cannot be compared completely: the title"),
            Of(await Check(status => status with { State = new([Finding(FindingIds.StateDriverDiffers, FindingSeverity.Info) with { IsUndetermined = true }]) })));
    }

    [Theory]
    [InlineData(LibvirtSourceState.NotOpened, HealthStatus.Healthy, "not opened")]
    [InlineData(LibvirtSourceState.Connected, HealthStatus.Healthy, "connected")]
    [InlineData(LibvirtSourceState.Lost, HealthStatus.Degraded, "lost")]
    [InlineData(LibvirtSourceState.Failed, HealthStatus.Degraded, "failed")]
    public async Task The_state_of_a_connection_is_reported_without_opening_it(LibvirtSourceState state, HealthStatus expected, string text)
    {
        var connection = new Mock<ILibvirtConnectionSource>(MockBehavior.Strict);
        connection.Setup(each => each.Name).Returns("local");
        connection.Setup(each => each.State).Returns(state);
        connection.Setup(each => each.LastError).Returns(new PassthroughException("down"));
        _connections.Add(connection.Object);

        var result = await Check();

        Assert.Equal((expected, text), (result.Status, (string)result.Data["libvirt.local"]));
    }

    [Fact]
    public async Task A_host_that_cannot_be_read_is_a_failure_with_the_reason()
    {
        var error = new HostSourceException("/", "no permission");

        var result = await Run(() => throw error, HealthStatus.Unhealthy);

        Assert.Equal((HealthStatus.Unhealthy, error), (result.Status, result.Exception));
        Assert.StartsWith("the host cannot be read: ", result.Description);
    }

    [Fact]
    public async Task It_is_registered_with_the_health_checks_of_the_host()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPassthrough(options => options.Root = _fake.Root);
        services.AddHealthChecks().AddCheck<PassthroughHealthCheck>("passthrough");
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);

        Assert.Equal(HealthStatus.Healthy, report.Entries["passthrough"].Status);
    }

    private static (HealthStatus, string?) Of(HealthCheckResult result) => (result.Status, result.Description);

    private static Finding Finding(string id, FindingSeverity severity) => new() { Id = id, Severity = severity, Title = "the title", Remedy = "the remedy" };

    private Task<HealthCheckResult> Check(HealthStatus failure = HealthStatus.Unhealthy, params Finding[] findings) => Check(status => status with { Readiness = new(findings) }, failure);

    private Task<HealthCheckResult> Check(Func<HostStatus, HostStatus> change, HealthStatus failure = HealthStatus.Unhealthy)
    {
        var status = change(new(PassthroughHost.At(_fake.Root).Capture(), new([])));
        return Run(() => status, failure);
    }

    private Task<HealthCheckResult> Run(Func<HostStatus> read, HealthStatus failure)
    {
        var check = new PassthroughHealthCheck(new Cache(read), Options.Create(_options), _connections);
        return check.CheckHealthAsync(new() { Registration = new("passthrough", check, failure, null) }, Token);
    }

    private sealed class Cache(Func<HostStatus> read) : IHostStatusCache
    {
        public HostStatus? Current => null;

        public async ValueTask<HostStatus> GetAsync(CancellationToken cancellationToken = default) => await Task.FromResult(read());

        public Task<HostStatus> RefreshAsync(CancellationToken cancellationToken = default) => Task.FromResult(read());

        public void Invalidate()
        {
        }
    }
}
