using Microsoft.CodeAnalysis;
using Passthrough.Sdk.Analyzers;

namespace Passthrough.Sdk.Tests.Analyzers;

/// <summary>PTS0002: a libvirt handle that is obtained, and neither disposed of nor passed on.</summary>
public sealed class UndisposedHandleTests
{
    [Theory]
    [InlineData("/*!*/LibvirtConnection.Open(uri);")]
    [InlineData("_ = /*!*/LibvirtConnection.Open(uri);")]
    [InlineData("var connection = /*!*/LibvirtConnection.Open(uri); Console.WriteLine(connection.Uri);")]
    [InlineData("var connection = await /*!*/LibvirtConnection.OpenAsync(uri).ConfigureAwait(false); Console.WriteLine(connection.GetHostname());")]
    [InlineData("await /*!*/LibvirtConnection.OpenAsync(uri);")]
    [InlineData("var opening = /*!*/LibvirtConnection.OpenAsync(uri); Console.WriteLine((await opening).Uri);")]
    [InlineData("var connection = /*!*/LibvirtConnection.OpenAsync(uri).Result; connection.IsAlive();")]
    [InlineData("var connection = /*!*/LibvirtConnection.OpenAsync(uri).GetAwaiter().GetResult(); connection.IsAlive();")]
    [InlineData("using var domain = /*!*/LibvirtConnection.Open(uri).GetDomain(\"vm1\");")]
    [InlineData("Console.WriteLine(/*!*/libvirt.GetDomain(\"vm1\").Name);")]
    [InlineData("Console.WriteLine(/*!*/libvirt.GetDomain(\"vm1\").GetDocument());")]
    [InlineData("await host.Plan(nic, to: /*!*/libvirt.GetDomain(\"vm1\")).ApplyAsync();")]
    [InlineData("var domain = /*!*/libvirt.GetDomain(\"vm1\"); await host.Plan(nic, to: domain).ApplyAsync();")]
    [InlineData("var domain = flag ? /*!*/libvirt.GetDomain(\"vm1\") : /*!*/libvirt.GetDomain(Guid.Empty); domain.Start();")]
    [InlineData("ILibvirtDomain? domain = null; domain ??= /*!*/libvirt.GetDomain(\"vm1\"); domain.Start();")]
    [InlineData("var device = flag switch { true => /*!*/libvirt.GetNodeDevice(nic.Address), _ => null }; device?.Detach();")]
    [InlineData("if (libvirt.TryGetDomain(\"vm1\", /*!*/out var domain)) { domain.Start(); }")]
    [InlineData("if (libvirt.TryGetDomain(\"vm1\", /*!*/out _)) { return; }")]
    [InlineData("Xunit.Assert.True(libvirt.TryGetDomain(\"vm1\", /*!*/out _));")]
    [InlineData("ILibvirtNodeDevice? device; libvirt.TryGetNodeDevice(nic.Address, /*!*/out device); Console.WriteLine(device?.Name);")]
    [InlineData("if (/*!*/libvirt.GetDomain(\"vm1\") is { } domain) { domain.Start(); }")]
    [InlineData("Console.WriteLine(/*!*/libvirt.GetDomain(\"vm1\") is null);")]
    [InlineData("foreach (var domain in /*!*/libvirt.GetDomains()) { Console.WriteLine(domain.Name); }")]
    [InlineData("var domains = /*!*/libvirt.GetDomains(); foreach (var domain in domains) { Console.WriteLine(domain.Name); }")]
    [InlineData("Console.WriteLine(/*!*/libvirt.GetDomains().Count);")]
    [InlineData("var names = /*!*/libvirt.GetDomains().Select(domain => domain.Name).ToList();")]
    [InlineData("var running = /*!*/libvirt.GetDomains().Any(domain => domain.IsActive());")]
    [InlineData("await foreach (var each in /*!*/libvirt.SubscribeDomainEvents()) { Console.WriteLine(each); }")]
    [InlineData("await foreach (var each in /*!*/libvirt.SubscribeNodeDeviceEvents().WithCancellation(default).ConfigureAwait(false)) { Console.WriteLine(each); }")]
    [InlineData("var events = /*!*/libvirt.SubscribeDomainEvents(); await foreach (var each in events) { Console.WriteLine(each); }")]
    [InlineData("var watch = /*!*/guest.WatchDeviceRemoval(\"hostdev0\"); guest.DetachDeviceAlias(\"hostdev0\", DeviceAffect.Live);")]
    [InlineData("var domain = /*!*/libvirt.DefineDomain(\"<domain/>\"); var other = domain; other.Start();")]
    [InlineData("var (domain, number) = (/*!*/libvirt.GetDomain(\"vm1\"), 1); Console.WriteLine(domain.Name + number);")]
    [InlineData("Func<string> name = () => { var domain = /*!*/libvirt.GetDomain(\"vm1\"); return domain.Name; };")]
    [InlineData("while (flag) { var domain = /*!*/libvirt.GetDomain(\"vm1\"); domain.Start(); }")]
    [InlineData("if (/*!*/libvirt.GetDomain(\"vm1\").Name == uri) { return; }")]
    [InlineData("lock (libvirt) { var domain = /*!*/libvirt.GetDomain(\"vm1\"); Console.WriteLine(nameof(domain)); }")]
    public Task A_handle_that_nobody_disposes_of_is_reported(string statements) => AnalyzerRun.ExpectAsync(UndisposedHandleAnalyzer.Id, statements);

    [Theory]
    [InlineData("using var connection = LibvirtConnection.Open(uri);")]
    [InlineData("using (var connection = LibvirtConnection.Open(uri)) { connection.IsAlive(); }")]
    [InlineData("using (LibvirtConnection.Open(uri)) { }")]
    [InlineData("using var connection = await LibvirtConnection.OpenAsync(uri).ConfigureAwait(false);")]
    [InlineData("using ILibvirtDomain first = libvirt.GetDomain(\"vm1\"), second = libvirt.GetDomain(\"vm2\");")]
    [InlineData("var domain = libvirt.GetDomain(\"vm1\"); try { domain.Start(); } finally { domain.Dispose(); }")]
    [InlineData("ILibvirtDomain? domain = null; try { domain = libvirt.GetDomain(\"vm1\"); } finally { domain?.Dispose(); }")]
    [InlineData("var domain = libvirt.GetDomain(\"vm1\"); using (domain) { domain.Start(); }")]
    [InlineData("var domain = libvirt.GetDomain(\"vm1\"); using var owned = domain;")]
    [InlineData("libvirt.GetDomain(\"vm1\").Dispose();")]
    [InlineData("var domain = libvirt.GetDomain(\"vm1\"); ((IDisposable)domain).Dispose();")]
    [InlineData("if (libvirt.TryGetDomain(\"vm1\", out var domain)) { using (domain) { domain.Start(); } }")]
    [InlineData("libvirt.TryGetNodeDevice(nic.Address, out var device); device?.Dispose();")]
    [InlineData("Xunit.Assert.False(libvirt.TryGetDomain(\"vm1\", out _));")]
    [InlineData("if (libvirt.GetDomain(\"vm1\") is { } domain) { domain.Dispose(); }")]
    [InlineData("foreach (var domain in libvirt.GetDomains()) { using (domain) { Console.WriteLine(domain.Name); } }")]
    [InlineData("var domains = libvirt.GetDomains(); foreach (var domain in domains) { domain.Dispose(); }")]
    [InlineData("libvirt.GetDomains().ToList().ForEach(domain => domain.Dispose());")]
    [InlineData("var names = libvirt.GetDomains().Select(domain => { using (domain) { return domain.Name; } }).ToList();")]
    [InlineData("var found = libvirt.GetDomains().Single(domain => domain.Name == uri);")]
    [InlineData("using var first = libvirt.GetDomains()[0];")]
    [InlineData("using var events = libvirt.SubscribeDomainEvents(); await foreach (var each in events.WithCancellation(default)) { Console.WriteLine(each); }")]
    [InlineData("using var watch = guest.WatchDeviceRemoval(\"hostdev0\");")]
    [InlineData("using var domain = flag ? libvirt.GetDomain(\"vm1\") : libvirt.GetDomain(Guid.Empty);")]
    [InlineData("using var domain = flag switch { true => libvirt.GetDomain(\"vm1\"), _ => null };")]
    [InlineData("ILibvirtDomain? earlier = null; using var domain = earlier ?? libvirt.GetDomain(\"vm1\");")]
    [InlineData("var (domain, number) = (libvirt.GetDomain(\"vm1\"), 1); using (domain) { Console.WriteLine(number); }")]
    [InlineData("var pair = (libvirt.GetDomain(\"vm1\"), 1);")]
    [InlineData("var kept = new List<ILibvirtDomain>(); kept.Add(libvirt.GetDomain(\"vm1\"));")]
    [InlineData("List<ILibvirtDomain> kept = [libvirt.GetDomain(\"vm1\"), .. libvirt.GetDomains()];")]
    [InlineData("var kept = new[] { libvirt.GetDomain(\"vm1\") };")]
    [InlineData("var request = new DomainRequest(libvirt.GetDomain(\"vm1\"), new AssignmentRequest(nic.Address)); request.Domain.Dispose();")]
    [InlineData("var connection = guest.Connection; Console.WriteLine(connection.Uri);")]
    [InlineData("Func<string, ILibvirtConnection> open = each => LibvirtConnection.Open(each);")]
    [InlineData("var lazy = new Lazy<ILibvirtConnection>(() => LibvirtConnection.Open(uri));")]
    [InlineData("await host.RecoverAsync(each => LibvirtConnection.Open(each));")]
    [InlineData("Action probe = () => libvirt.GetDomain(\"vm1\");")]
    [InlineData("Action probe = () => _ = libvirt.GetDomain(\"vm1\");")]
    [InlineData("using var fake = TestHost.Intel(); var vm1 = fake.Libvirt.AddDomain(\"vm1\"); var same = fake.Libvirt.GetDomain(\"vm1\"); same.Start();")]
    [InlineData("var opening = LibvirtConnection.OpenAsync(uri); using var connection = await opening;")]
    [InlineData("var domain = libvirt.GetDomain(\"vm1\"); CancellationToken.None.Register(domain.Dispose);")]
    public Task A_handle_that_is_disposed_of_or_passed_on_is_not_reported(string statements) => AnalyzerRun.ExpectAsync(UndisposedHandleAnalyzer.Id, statements);

    [Theory]
    [InlineData("private readonly LibvirtConnection _connection = LibvirtConnection.Open(null);")]
    [InlineData("private ILibvirtDomain? _domain; void Keep(ILibvirtConnection libvirt) => _domain = libvirt.GetDomain(\"vm1\");")]
    [InlineData("private ILibvirtDomain? _domain; bool Keep(ILibvirtConnection libvirt) => libvirt.TryGetDomain(\"vm1\", out _domain);")]
    [InlineData("ILibvirtDomain? Domain { get; set; } void Keep(ILibvirtConnection libvirt) { Domain = libvirt.GetDomain(\"vm1\"); }")]
    [InlineData("ILibvirtDomain Get(ILibvirtConnection libvirt) => libvirt.GetDomain(\"vm1\");")]
    [InlineData("async Task<ILibvirtConnection> OpenAsync() { var connection = await LibvirtConnection.OpenAsync(null); connection.IsAlive(); return connection; }")]
    [InlineData("IEnumerable<ILibvirtDomain> All(ILibvirtConnection libvirt) { foreach (var domain in libvirt.GetDomains()) { yield return domain; } }")]
    [InlineData("void Get(ILibvirtConnection libvirt, out ILibvirtDomain domain) { domain = libvirt.GetDomain(\"vm1\"); }")]
    [InlineData("bool Get(ILibvirtConnection libvirt, out ILibvirtDomain? domain) => libvirt.TryGetDomain(\"vm1\", out domain);")]
    [InlineData("static void Own(ILibvirtDomain domain) => domain.Dispose(); void Pass(ILibvirtConnection libvirt) { Own(libvirt.GetDomain(\"vm1\")); var other = libvirt.GetDomain(\"vm2\"); Own(other); }")]
    [InlineData("object Anonymous(ILibvirtConnection libvirt) => new { Domain = libvirt.GetDomain(\"vm1\") };")]
    public Task A_handle_that_outlives_the_method_is_not_reported(string members) => AnalyzerRun.ExpectMembersAsync(UndisposedHandleAnalyzer.Id, members);

    [Fact]
    public Task A_wrapper_of_the_user_owns_what_its_constructor_gets_and_returns_handles_as_its_interface_says() => AnalyzerRun.ExpectFileAsync(
        UndisposedHandleAnalyzer.Id,
        """
        abstract class LoggingDomain(ILibvirtDomain inner) : ILibvirtDomain, IAsyncDisposable
        {
            public void Dispose() => inner.Dispose();
            public ValueTask DisposeAsync() { Dispose(); return ValueTask.CompletedTask; }
        """ + Members.Of("ILibvirtDomain", "") + """
        }
        sealed class Owned(ILibvirtDomain inner) : IDisposable { public void Dispose() => inner.Dispose(); }
        abstract class LoggingConnection(ILibvirtConnection inner) : ILibvirtConnection
        {
            public void Dispose() => inner.Dispose();
            public ILibvirtDomain GetDomain(string name) => inner.GetDomain(name);
            public ILibvirtDomain Cached(string name) => inner.GetDomain(name);
        """ + Members.Of("ILibvirtConnection", "GetDomain(string name)") + """
        }
        static class Use
        {
            static async Task RunAsync(LoggingConnection libvirt)
            {
                using var owned = new Owned(libvirt.GetDomain("vm1"));
                await using var logging = (LoggingDomain)libvirt.GetDomain("vm1");
                Console.WriteLine(libvirt.Cached("vm1").Name);
                Console.WriteLine(/*!*/libvirt.GetDomain("vm1").Name);
            }
        }
        """);

    [Fact]
    public Task A_mock_returns_no_handle() => AnalyzerRun.ExpectAsync(
        UndisposedHandleAnalyzer.Id,
        """
        var mock = new Mock<ILibvirtConnection>();
        var domain = Mock.Of<ILibvirtDomain>(each => each.Name == "vm1");
        mock.Setup(each => each.GetDomain("vm1")).Returns(domain);
        mock.Setup(each => each.GetDomain("vm1").Name).Returns("vm1");
        Console.WriteLine(mock.Object.GetDomain("vm1").Name);
        mock.Verify(each => each.GetDomain("vm1"), Times.Once());
        """);

    [Fact]
    public Task Top_level_statements_are_checked() => AnalyzerRun.ExpectFileAsync(
        UndisposedHandleAnalyzer.Id,
        """
        using var libvirt = LibvirtConnection.Open("qemu:///system");
        var guest = /*!*/libvirt.GetDomain("vm1");
        await PassthroughHost.Local().Plan([PciAddress.Parse("0000:01:00.0")], guest).ApplyAsync();
        """,
        OutputKind.ConsoleApplication);

    [Fact]
    public Task A_pragma_and_an_attribute_suppress_the_warning() => AnalyzerRun.ExpectMembersAsync(
        UndisposedHandleAnalyzer.Id,
        """
        void ByPragma(ILibvirtConnection libvirt)
        {
        #pragma warning disable PTS0002 // The process ends here.
            libvirt.GetDomain("vm1");
        #pragma warning restore PTS0002
            /*!*/libvirt.GetDomain("vm1");
        }

        [System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "PTS0002", Justification = "The process ends here.")]
        void ByAttribute(ILibvirtConnection libvirt) => libvirt.GetDomain("vm1").Start();
        """);

    [Fact]
    public async Task The_message_names_the_handle_and_the_method_and_says_what_to_do()
    {
        var found = await AnalyzerRun.FindAsync(AnalyzerRun.CompilationOf("class Code { void Run(Passthrough.Sdk.Libvirt.ILibvirtConnection libvirt) { libvirt.GetDomains(); } }"));

        Assert.Equal(
            "The ILibvirtDomain from 'GetDomains' is never disposed of, so its connection to libvirt stays open until the garbage collector finds it; declare it with 'using', or call Dispose",
            Assert.Single(found).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}
