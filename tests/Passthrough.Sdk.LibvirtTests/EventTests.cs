using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.LibvirtTests;

public sealed class EventTests : IDisposable
{
    private readonly LibvirtConnection _libvirt = TestDriver.Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _libvirt.Dispose();

    [Fact]
    public async Task The_life_of_a_domain_is_told_in_order()
    {
        using var events = _libvirt.SubscribeDomainEvents();
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("événements"));
        domain.Start();
        domain.Destroy();
        domain.Undefine();

        var changes = new List<DomainLifecycle>();
        await foreach (var happened in events.WithCancellation(Cancel))
        {
            // The driver's domains are shared by all connections of the process.
            if (happened is LibvirtDomainLifecycleEvent its && its.DomainUuid == domain.Uuid)
            {
                Assert.Equal("événements", its.DomainName);
                changes.Add(its.Change);
                if (its.Change == DomainLifecycle.Undefined)
                {
                    break;
                }
            }
        }

        Assert.Equal([DomainLifecycle.Defined, DomainLifecycle.Started, DomainLifecycle.Stopped, DomainLifecycle.Undefined], changes);
    }

    [Fact]
    public async Task A_node_device_comes_and_goes()
    {
        using var events = _libvirt.SubscribeNodeDeviceEvents();
        await using var read = events.GetAsyncEnumerator(Cancel);

        // The only device that the test driver can make.
        const string port = "<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'>"
            + "<wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn></capability></capability></device>";
        using (var device = _libvirt.CreateNodeDevice(port))
        {
            device.Destroy();
        }

        Assert.True(await read.MoveNextAsync());
        Assert.Equal(NodeDeviceChange.Created, read.Current.Change);
        var name = read.Current.Name;
        Assert.StartsWith("scsi_host", name, StringComparison.Ordinal);
        Assert.True(await read.MoveNextAsync());
        Assert.Equal(new LibvirtNodeDeviceEvent(name, NodeDeviceChange.Deleted), read.Current);
    }

    [Fact]
    public async Task A_disposed_subscription_ends_its_loop_and_tells_nothing_more()
    {
        var events = _libvirt.SubscribeDomainEvents();
        events.Dispose();
        events.Dispose();
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("unheard"));
        domain.Undefine();
        Assert.DoesNotContain("unheard", (await ReadAll(events)).Select(happened => happened.DomainName));
    }

    [Fact]
    public async Task Every_subscription_gets_every_event_and_the_last_one_to_go_can_be_followed_by_another()
    {
        for (var round = 0; round < 3; round++)
        {
            using var first = _libvirt.SubscribeDomainEvents();
            using var second = _libvirt.SubscribeDomainEvents();
            using var domain = _libvirt.DefineDomain(Xml.TestDomain("shared"));
            domain.Undefine();
            foreach (var events in new[] { first, second })
            {
                await using var read = events.GetAsyncEnumerator(Cancel);
                do
                {
                    Assert.True(await read.MoveNextAsync());
                }
                while (read.Current is not LibvirtDomainLifecycleEvent { DomainName: "shared", Change: DomainLifecycle.Undefined });
            }
        }
    }

    [Fact]
    public async Task A_disposed_connection_ends_its_subscriptions()
    {
        var libvirt = TestDriver.Open();
        var events = libvirt.SubscribeDomainEvents();
        libvirt.Dispose();
        await ReadAll(events);
        Assert.Throws<ObjectDisposedException>(libvirt.SubscribeDomainEvents);
        events.Dispose();
    }

    [Fact]
    public async Task A_broken_connection_ends_its_subscriptions_with_an_error()
    {
        using var events = _libvirt.SubscribeDomainEvents();
        ((Passthrough.Sdk.Libvirt.Native.IConnectionOwner)_libvirt).OnConnectionLost(2);
        var error = await Assert.ThrowsAsync<LibvirtConnectionLostException>(() => ReadAll(events));
        Assert.Equal((LibvirtErrorCode.Rpc, LibvirtCloseReason.KeepAlive), (error.Code, error.Reason));
        Assert.Contains($"'{TestDriver.Uri}'", error.Message, StringComparison.Ordinal);
        Assert.Same(error, Assert.Throws<LibvirtConnectionLostException>(_libvirt.SubscribeDomainEvents));
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_told_so_after_what_was_kept_and_others_lose_nothing()
    {
        using var libvirt = TestDriver.Open(new() { EventCapacity = 3 });
        using var all = _libvirt.SubscribeDomainEvents();
        using var few = libvirt.SubscribeDomainEvents();
        using (var domain = _libvirt.DefineDomain(Xml.TestDomain("busy")))
        {
            domain.Start();
            domain.Destroy();
            domain.Undefine();
        }

        await using var read = all.GetAsyncEnumerator(Cancel);
        do
        {
            Assert.True(await read.MoveNextAsync());
        }
        while (read.Current is not LibvirtDomainLifecycleEvent { DomainName: "busy", Change: DomainLifecycle.Undefined });

        var kept = new List<LibvirtDomainEvent>();
        await Assert.ThrowsAsync<LibvirtEventsLostException>(async () =>
        {
            await foreach (var happened in few.WithCancellation(Cancel))
            {
                kept.Add(happened);
            }
        });
        Assert.Equal(3, kept.Count);

        // A new subscription has lost nothing.
        using var again = libvirt.SubscribeDomainEvents();
        using var other = libvirt.DefineDomain(Xml.TestDomain("busy"));
        other.Undefine();
        await using var next = again.GetAsyncEnumerator(Cancel);
        Assert.True(await next.MoveNextAsync());
    }

    [Fact]
    public async Task A_reader_that_never_reads_keeps_no_more_than_its_capacity()
    {
        using var unread = _libvirt.SubscribeDomainEvents();
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("unread"));
        for (var i = 0; i < 1500; i++)
        {
            domain.Start();
            domain.Destroy();
        }

        domain.Undefine();
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        Assert.InRange(unread.Reader.Count, 1, new LibvirtConnectionOptions().EventCapacity);
    }

    [Fact]
    public void A_broken_connection_is_reported_to_whoever_opened_it_and_one_that_is_disposed_of_is_not()
    {
        var errors = new List<LibvirtException>();
        using (var libvirt = TestDriver.Open(new LibvirtConnectionOptions { Lost = errors.Add }))
        {
            Assert.Empty(errors);
            ((Passthrough.Sdk.Libvirt.Native.IConnectionOwner)libvirt).OnConnectionLost(1);
        }

        var error = Assert.Single(errors);
        Assert.Equal((LibvirtErrorCode.Rpc, $"lost the connection to '{TestDriver.Uri}': the other end closed it; connect again"), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_loop_can_be_cancelled()
    {
        using var events = _libvirt.SubscribeDomainEvents();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in events.WithCancellation(cancel.Token))
            {
            }
        });
    }

    [Fact]
    public async Task Waiting_for_a_removal_ends_by_time_by_cancellation_and_with_the_domain()
    {
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("removal"));
        domain.Start();
        using var watch = domain.WatchDeviceRemoval("hostdev0");
        Assert.Equal(DeviceRemoval.TimedOut, await watch.WaitAsync(TimeSpan.Zero, Cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.WaitAsync(Timeout.InfiniteTimeSpan, new CancellationToken(true)));
        domain.Destroy();
        Assert.Equal(DeviceRemoval.DomainStopped, await watch.WaitAsync(Timeout.InfiniteTimeSpan, Cancel));
        Assert.Equal(DeviceRemoval.DomainStopped, await watch.WaitAsync(TimeSpan.Zero, Cancel));
        domain.Undefine();

        using var late = domain.WatchDeviceRemoval("hostdev0");
        late.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late.WaitAsync(Timeout.InfiniteTimeSpan, Cancel));
    }

    private static async Task<List<LibvirtDomainEvent>> ReadAll(LibvirtSubscription<LibvirtDomainEvent> events)
    {
        var all = new List<LibvirtDomainEvent>();
        await foreach (var happened in events.WithCancellation(Cancel))
        {
            all.Add(happened);
        }

        return all;
    }
}
