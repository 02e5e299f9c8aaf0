using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.LibvirtTests.Remote;

/// <summary>A daemon that is killed (SIGKILL), and one that is started again.</summary>
public sealed class KilledDaemonTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_connections_are_lost_for_everything()
    {
        using var daemon = new Daemon();
        var lost = new TaskCompletionSource<LibvirtException>();
        using var libvirt = daemon.Open(new() { Lost = lost.SetResult });
        using var older = libvirt.SubscribeDomainEvents();
        using var domain = libvirt.GetDomain("test");
        using var device = libvirt.GetNodeDevice("computer");
        daemon.Kill();
        LostConnection.Check(libvirt, domain, device);
        await LostConnection.CheckEnd(older, Cancel);
        Assert.IsType<LibvirtConnectionLostException>(await lost.Task);

        // The older subscription still exists, so that nothing is registered: this must not succeed and wait for ever.
        Assert.Throws<LibvirtConnectionLostException>(libvirt.SubscribeDomainEvents);
        var refused = Assert.Throws<LibvirtException>(() => daemon.Open());
        Assert.Contains("systemctl start libvirtd", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_in_progress_ends_as_a_lost_connection()
    {
        using var daemon = new Daemon();
        using var libvirt = daemon.Open(new() { KeepAliveInterval = TimeSpan.Zero });
        daemon.Stop();
        var call = Task.Run(libvirt.GetCapabilities, Cancel);
        await Task.Delay(200, Cancel);
        daemon.Kill();
        await Assert.ThrowsAsync<LibvirtConnectionLostException>(() => call);
    }

    [Fact]
    public async Task Events_cross_the_socket_in_order_and_a_subscription_can_follow_another()
    {
        using var daemon = new Daemon();
        using var libvirt = daemon.Open();
        for (var round = 0; round < 3; round++)
        {
            using var events = libvirt.SubscribeDomainEvents();
            using var domain = libvirt.DefineDomain(Xml.TestDomain($"round{round}"));
            domain.Start();
            domain.Destroy();
            domain.Undefine();
            await using var read = events.GetAsyncEnumerator(Cancel);
            foreach (var change in new[] { DomainLifecycle.Defined, DomainLifecycle.Started, DomainLifecycle.Stopped, DomainLifecycle.Undefined })
            {
                Assert.True(await read.MoveNextAsync());
                Assert.Equal((domain.Uuid, change), (read.Current.DomainUuid, Assert.IsType<LibvirtDomainLifecycleEvent>(read.Current).Change));
            }
        }
    }
}
