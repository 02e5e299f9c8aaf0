using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ConstrainedExecution;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Tests.Libvirt.Native;

public sealed class ReleaseLaneTests
{
    [Fact]
    public void Calls_are_made_in_the_order_they_came_and_one_at_a_time()
    {
        var lane = new ReleaseLane();
        var made = new ConcurrentQueue<int>();
        var (running, together) = (0, 0);

        foreach (var number in Enumerable.Range(0, 1000))
        {
            lane.Post(() =>
            {
                together = Math.Max(together, Interlocked.Increment(ref running));
                made.Enqueue(number);
                Interlocked.Decrement(ref running);
            });
        }

        Assert.True(lane.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal(Enumerable.Range(0, 1000), made);
        Assert.Equal(1, together);
    }

    [Fact]
    public void Waiting_for_a_call_that_does_not_return_ends_with_the_time()
    {
        var lane = new ReleaseLane();
        using var answer = new ManualResetEventSlim();

        Assert.True(lane.Wait(TimeSpan.Zero));
        lane.Post(answer.Wait);
        Assert.False(lane.Wait(TimeSpan.FromMilliseconds(20)));
        answer.Set();
        Assert.True(lane.Wait(TimeSpan.FromSeconds(30)));
    }

    // Everything that an unreachable connection consists of is finalised in no particular order; what its finaliser uses may be gone.
    [Fact]
    public void A_finaliser_may_post_to_a_lane_that_is_as_unreachable_as_itself()
    {
        var (posted, made, errors) = (new StrongBox<int>(), new StrongBox<int>(), new ConcurrentQueue<Exception>());

        for (var round = 0; round < 20; round++)
        {
            Forget(posted, made, errors);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Empty(errors);
        Assert.NotEqual(0, posted.Value);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref made.Value) == Volatile.Read(ref posted.Value), TimeSpan.FromSeconds(30)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(StrongBox<int> posted, StrongBox<int> made, ConcurrentQueue<Exception> errors)
    {
        for (var number = 0; number < 20; number++)
        {
            new Forgotten(posted, made, errors).MeetOnTheLane();
        }
    }

    // Critical, as a SafeHandle is: the finalisers of other objects run before.
    private sealed class Forgotten(StrongBox<int> posted, StrongBox<int> made, ConcurrentQueue<Exception> errors) : CriticalFinalizerObject
    {
        private readonly ReleaseLane _lane = new();

        ~Forgotten() => Post(20);

        public void MeetOnTheLane()
        {
            Parallel.For(0, 4, _ => Post(50));
            _lane.Wait(TimeSpan.FromSeconds(30));
        }

        private void Post(int count)
        {
            try
            {
                for (var call = 0; call < count; call++)
                {
                    Interlocked.Increment(ref posted.Value);
                    _lane.Post(() => Interlocked.Increment(ref made.Value));
                }
            }
#pragma warning disable CA1031 // In a finaliser, it would end the process.
            catch (Exception error)
#pragma warning restore CA1031
            {
                errors.Enqueue(error);
            }
        }
    }
}
