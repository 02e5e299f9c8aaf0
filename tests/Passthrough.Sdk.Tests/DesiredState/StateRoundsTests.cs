using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Tests.DesiredState;

/// <summary>Whatever happens after the first part, the error says what was done.</summary>
public sealed class StateRoundsTests : IDisposable
{
    private static readonly HostState State = new() { Devices = [StateHost.Device(StateHost.Nic) with { Scope = StateScope.Now }] };

    private readonly StateHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_plan_that_cannot_be_made_again_says_what_stays()
    {
        var cause = new PassthroughException("libvirt does not answer.");
        var error = await Assert.ThrowsAsync<StateFailedException>(() => Rounds(() => throw cause, () => Task.CompletedTask));
        Assert.Same(cause, error.InnerException);
        Assert.Equal([PlanKind.Bind], error.Finished.Select(part => part.Kind));
        Assert.Contains($"the rest could not be planned: libvirt does not answer; these parts stay: bind {StateHost.Nic} to vfio-pci", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_udev_that_does_not_settle_says_what_stays(bool isOfFile)
    {
        var error = await Assert.ThrowsAsync<StateFailedException>(() => Rounds(
            () => throw new InvalidOperationException("not asked"), () => Task.FromException(isOfFile ? new IOException("no file") : new PassthroughException("udevadm settle failed"))));
        Assert.Single(error.Finished);
        Assert.IsType<StatePlan>(error.Part);
    }

    [Fact]
    public async Task A_wait_for_udev_is_cancelled_and_says_what_stays()
    {
        using var cancel = new CancellationTokenSource();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rounds(
            () => throw new InvalidOperationException("not asked"),
            () =>
            {
                cancel.Cancel();
                return new TaskCompletionSource().Task; // never ends
            },
            cancel.Token));
        Assert.Contains($"these parts stay: bind {StateHost.Nic} to vfio-pci", error.Message, StringComparison.Ordinal);
        Assert.Equal(cancel.Token, error.CancellationToken);
    }

    [Fact]
    public async Task A_cancellation_while_the_plan_is_made_again_says_what_stays()
    {
        using var cancel = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Rounds(
            () =>
            {
                cancel.Cancel();
                never.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
                throw new PassthroughException("too late");
            },
            () => Task.CompletedTask,
            cancel.Token));
        never.Set();
        Assert.Contains("these parts stay", error.Message, StringComparison.Ordinal);
    }

    private Task Rounds(Func<StatePlan> again, Func<Task> settle, CancellationToken? cancellationToken = null) =>
        new StateRounds(again, settle, []).ApplyAsync(_host.Plan(State), progress: null, cancellationToken ?? TestContext.Current.CancellationToken);
}
