using Example;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Extensions;

public sealed class AddPassthroughTests : IDisposable
{
    private readonly FakeHost _fake = ReadyHost.Create();

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_host_is_injected_with_its_root_its_journal_and_the_loggers_of_the_container()
    {
        var log = new FakeLogCollector();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new FakeLoggerProvider(log)));
        services.AddPassthrough(options => options.Root = _fake.Root);
        services.AddPassthrough(options => options.JournalDirectory = "/srv/journal");
        await using var provider = services.BuildServiceProvider();

        var host = provider.GetRequiredService<IPassthroughHost>();

        Assert.Equal((_fake.Root, false), (host.Source, host.IsLocal));
        Assert.Equal(2, host.Capture().Devices.Count);
        Assert.Contains(log.GetSnapshot(), record => record.Message.StartsWith($"Captured {_fake.Root} in ", StringComparison.Ordinal) && record.Message.Contains("2 PCI functions"));
        Assert.Equal("/srv/journal", provider.GetRequiredService<PlanOptions>().JournalDirectory);
        Assert.Single(provider.GetServices<IHostedService>());
    }

    [Fact]
    public async Task Without_logging_every_service_can_be_resolved()
    {
        var services = new ServiceCollection();
        services.AddPassthrough(options => options.Root = _fake.Root).AddLibvirtConnection("a", "qemu:///system");
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.NotNull(provider.GetRequiredService<IHostStatusCache>());
        Assert.NotNull(provider.GetRequiredService<IPassthroughEvents>());
        Assert.NotNull(provider.GetRequiredKeyedService<ILibvirtConnectionSource>("a"));
        Assert.Single(provider.GetServices<IHostedService>());
    }

    [Fact]
    public async Task A_host_that_was_registered_before_is_kept()
    {
        var services = new ServiceCollection();
        var own = _fake.Open();
        services.AddSingleton<IPassthroughHost>(own);
        services.AddPassthrough();
        await using var provider = services.BuildServiceProvider();

        Assert.Same(own, provider.GetRequiredService<IPassthroughHost>());
    }

    [Fact]
    public async Task Connections_are_keyed_by_their_names_and_all_are_listed()
    {
        using var libvirt = new FakeLibvirt(_fake);
        var services = new ServiceCollection();
        services.AddPassthrough()
            .AddLibvirtConnection("local", "qemu:///system", options => options.Open = (_, _) => libvirt)
            .AddLibvirtConnection("other", "qemu+ssh://root@other/system");
        await using var provider = services.BuildServiceProvider();

        Assert.Same(libvirt, await provider.GetRequiredKeyedService<ILibvirtConnectionSource>("local").GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["local", "other"], provider.GetServices<ILibvirtConnectionSource>().Select(source => source.Name));
        Assert.Same(provider.GetRequiredKeyedService<ILibvirtConnectionSource>("local"), provider.GetServices<ILibvirtConnectionSource>().First());
    }

    [Fact]
    public async Task A_service_assigns_a_device_through_the_connection_of_a_name()
    {
        using var libvirt = new FakeLibvirt(_fake);
        libvirt.AddDomain("vm1", isRunning: true);
        var services = new ServiceCollection();
        services.AddSingleton<IPassthroughHost>(_fake.Open());
        services.AddPassthrough().AddLibvirtConnection("local", "qemu:///system", options => options.Open = (_, _) => libvirt);
        services.AddSingleton<Assigner>();
        await using var provider = services.BuildServiceProvider();
        var device = provider.GetRequiredService<IPassthroughHost>().Capture().Devices[PciAddress.Parse("0000:01:00.0")];

        await provider.GetRequiredService<Assigner>().AssignAsync(device, "vm1", TestContext.Current.CancellationToken);

        Assert.Equal("vfio-pci", _fake.DriverOf("0000:01:00.0"));
    }

    [Fact]
    public void A_name_is_given_to_one_connection_only()
    {
        var builder = new ServiceCollection().AddPassthrough().AddLibvirtConnection("local", "qemu:///system");

        Assert.Contains("'local'", Assert.Throws<ArgumentException>(() => builder.AddLibvirtConnection("local", "xen:///system")).Message);
    }

    public static TheoryData<string, Action<PassthroughOptions>> Wrong => new()
    {
        { "PassthroughOptions.Root is '/no/such', which does not exist; give", options => options.Root = "/no/such" },
        { "PassthroughOptions.JournalDirectory is 'journal', which is not an absolute path", options => options.JournalDirectory = "journal" },
        { "PassthroughOptions.Capture does not include the system", options => options.Capture = CaptureOptions.DevicesOnly },
        { "PassthroughOptions.SnapshotLifetime is 00:00:00", options => options.SnapshotLifetime = TimeSpan.Zero },
        { "PassthroughOptions.CheckInterval is -00:00:01", options => options.CheckInterval = TimeSpan.FromSeconds(-1) },
        { "PassthroughOptions.CheckInterval is 00:01:00, not shorter than SnapshotLifetime (00:01:00)", options => options.CheckInterval = options.SnapshotLifetime },
        { "PassthroughOptions.StateFile is '/no/such', which cannot be used: ", options => options.StateFile = "/no/such" },
        { "PassthroughOptions.State cannot be used: ", options => options.State = new() { Parameters = [new("a=\ud800")] } },
        { "PassthroughOptions.StateFile is set together with State", options => (options.State, options.StateFile) = (new(), "/no/such") },
        { "PassthroughOptions.WarningStatus is 7", options => options.WarningStatus = (HealthStatus)7 },
        { "PassthroughOptions.EventCapacity is 0", options => options.EventCapacity = 0 },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_option_stops_the_start_with_its_name_the_reason_and_what_to_do(string message, Action<PassthroughOptions> configure)
    {
        var error = await StartError(services => services.AddPassthrough(options =>
        {
            options.Root = _fake.Root;
            configure(options);
        }));

        Assert.Contains(error.Failures, failure => failure.StartsWith(message, StringComparison.Ordinal) && failure.EndsWith('.'));
    }

    [Theory]
    [InlineData("qemu", 1, 60, "LibvirtSourceOptions.Uri is 'qemu', which is not a URI of libvirt")]
    [InlineData("qemu:///system", 0, 60, "LibvirtSourceOptions.FirstRetryDelay is 00:00:00")]
    [InlineData("qemu:///system", 10, 5, "LibvirtSourceOptions.MaximumRetryDelay is 00:00:05, shorter than FirstRetryDelay (00:00:10)")]
    [InlineData("qemu:///system", 1, 100_000, "LibvirtSourceOptions.MaximumRetryDelay is 1.03:46:40; give at most one day")]
    public async Task A_wrong_option_of_a_connection_stops_the_start_with_its_name(string uri, int first, int longest, string message)
    {
        var error = await StartError(services => services.AddPassthrough(options => options.Root = _fake.Root).AddLibvirtConnection("vms", uri, options =>
        {
            options.FirstRetryDelay = TimeSpan.FromSeconds(first);
            options.MaximumRetryDelay = TimeSpan.FromSeconds(longest);
        }));

        Assert.StartsWith($"The libvirt connection 'vms': {message}", Assert.Single(error.Failures));
    }

    [Fact]
    public async Task Without_a_watch_a_long_interval_is_no_mistake()
    {
        var services = new ServiceCollection();
        services.AddPassthrough(options => (options.Root, options.WatchesHost, options.CheckInterval) = (_fake.Root, false, TimeSpan.FromHours(1)));
        await using var provider = services.BuildServiceProvider();

        Assert.False(provider.GetRequiredService<IOptions<PassthroughOptions>>().Value.WatchesHost);
    }

    [Fact]
    public async Task Plans_that_get_no_options_use_those_of_the_host()
    {
        var log = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(new FakeLoggerProvider(log)));
        using var libvirt = new FakeLibvirt(_fake);
        var guest = libvirt.AddDomain("vm1", isRunning: true);
        var journal = _fake.PathOf("/srv/journal");

        var host = ((PassthroughHost)_fake.Open()).WithPlanOptions(new() { JournalDirectory = journal, LoggerFactory = loggers });
        await host.Plan([PciAddress.Parse("0000:01:00.0")], guest).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Directory.Exists(Path.Combine(journal, "assigned")));
        Assert.Contains(log.GetSnapshot(), record => record.Message.StartsWith("Plan for ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_options_of_all_plans_accept_nothing() =>
        Assert.Contains(
            FindingIds.DeviceIsBootDisplay,
            Assert.Throws<ArgumentException>(() => ((PassthroughHost)_fake.Open()).WithPlanOptions(new() { Accepted = [FindingIds.DeviceIsBootDisplay] })).Message);

    private static async Task<OptionsValidationException> StartError(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        using var host = builder.Build();
        return await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }
}
