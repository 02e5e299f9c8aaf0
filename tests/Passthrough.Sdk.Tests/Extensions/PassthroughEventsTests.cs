using Microsoft.Extensions.Options;
using Passthrough.Sdk.Extensions;

namespace Passthrough.Sdk.Tests.Extensions;

public sealed class PassthroughEventsTests : IDisposable
{
    private readonly PassthroughMetrics _metrics = new(null);
    private readonly PassthroughEvents _events;

    public PassthroughEventsTests() => _events = new(Options.Create(new PassthroughOptions { EventCapacity = 3 }), _metrics);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _events.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Each_subscriber_gets_every_event_after_its_subscription_in_order()
    {
        using var one = _events.Subscribe();
        Publish(1);
        using var other = _events.Subscribe();
        Publish(2);
        _events.Dispose();

        Assert.Equal([1, 2], await Read(one));
        Assert.Equal([2], await Read(other));
    }

    [Fact]
    public async Task A_slow_subscriber_loses_the_oldest_events_and_is_told_how_many()
    {
        using var slow = _events.Subscribe();
        for (var number = 1; number <= 5; number++)
        {
            Publish(number);
        }

        await using var reader = slow.GetAsyncEnumerator(Token);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((3, 2), (reader.Current.At.Ticks, reader.Current.Missed));
        Publish(6);
        Publish(7);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((5, 1), (reader.Current.At.Ticks, reader.Current.Missed));
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((6, 0), (reader.Current.At.Ticks, reader.Current.Missed));
    }

    [Fact]
    public async Task A_subscription_that_was_disposed_of_ends_after_what_had_arrived()
    {
        var subscription = _events.Subscribe();
        Publish(1);
        subscription.Dispose();
        subscription.Dispose();
        Publish(2);

        Assert.Equal([1], await Read(subscription));
    }

    private void Publish(int number) => _events.Publish(new() { Kind = PassthroughEventKind.HostChanged, At = new(number, TimeSpan.Zero) });

    private static async Task<List<long>> Read(PassthroughSubscription subscription)
    {
        var numbers = new List<long>();
        await foreach (var happened in subscription.WithCancellation(Token))
        {
            numbers.Add(happened.At.Ticks);
        }

        return numbers;
    }
}
