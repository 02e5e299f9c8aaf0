using System.Collections.Concurrent;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Host;

public sealed class HostWatchTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create().AddPciDevice("0000:00:02.0");

    public void Dispose() => _fake.Dispose();

    [Theory]
    [InlineData("add", HostChangeKind.Added)]
    [InlineData("remove", HostChangeKind.Removed)]
    [InlineData("bind", HostChangeKind.Bound)]
    [InlineData("unbind", HostChangeKind.Unbound)]
    [InlineData("offline", HostChangeKind.Changed)]
    public void A_message_of_the_kernel_is_understood(string action, HostChangeKind kind)
    {
        Assert.True(Uevent.TryParse(Message(action, "pci", "0000:01:00.0", "e1000e"), out var uevent));

        Assert.Equal(new Uevent(kind, PciAddress.Parse("0000:01:00.0"), "e1000e"), uevent);
    }

    [Theory]
    [InlineData("add@/devices/x\0ACTION=add\0SUBSYSTEM=net\0PCI_SLOT_NAME=0000:01:00.0\0")]
    [InlineData("add@/devices/x\0ACTION=add\0SUBSYSTEM=pci\0")]
    [InlineData("libudev\0rubbish")]
    [InlineData("")]
    public void What_is_not_about_a_function_is_left_aside(string message) => Assert.False(Uevent.TryParse(Encoding.UTF8.GetBytes(message), out _));

    [Fact]
    public async Task A_change_comes_with_the_host_after_it()
    {
        var source = new FakeSource();
        await using var changes = Watch(source);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((HostChangeKind.Started, 1), (changes.Current.Kind, changes.Current.Snapshot.Devices.Count));

        _fake.AddPciDevice("0000:00:03.0", driver: "nvme");
        source.Send(Message("add", "pci", "0000:00:03.0", null));

        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((HostChangeKind.Added, PciAddress.Parse("0000:00:03.0")), (changes.Current.Kind, changes.Current.Device));
        Assert.Equal("nvme", changes.Current.Snapshot.Devices[PciAddress.Parse("0000:00:03.0")].Driver);
    }

    [Fact]
    public async Task Lost_messages_are_told_and_answered_by_a_fresh_capture()
    {
        var source = new FakeSource();
        await using var changes = Watch(source);
        Assert.True(await changes.MoveNextAsync());
        _fake.AddPciDevice("0000:00:04.0");

        source.Fail(Errno.NoBuffers);

        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((HostChangeKind.Overflowed, 2), (changes.Current.Kind, changes.Current.Snapshot.Devices.Count));
    }

    [Fact]
    public async Task Cancelling_ends_the_watch_and_leaves_nothing_open()
    {
        var source = new FakeSource();
        using var cancel = new CancellationTokenSource();
        var changes = HostWatch.WatchAsync(source, () => PassthroughHost.At(_fake.Root).Capture(CaptureOptions.DevicesOnly), cancel.Token).GetAsyncEnumerator(cancel.Token);
        Assert.True(await changes.MoveNextAsync());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await changes.MoveNextAsync());
        Assert.True(source.IsDisposed);
    }

    [Fact]
    public async Task A_socket_that_breaks_is_an_error()
    {
        var source = new FakeSource();
        await using var changes = Watch(source);
        Assert.True(await changes.MoveNextAsync());

        source.Fail(Errno.IoError);

        await Assert.ThrowsAsync<HostSourceException>(async () => await changes.MoveNextAsync());
    }

    [Fact]
    public async Task The_kernels_own_messages_arrive()
    {
        var devices = PassthroughHost.Local().Capture(CaptureOptions.DevicesOnly).Devices;
        Assert.SkipUnless(devices.Count > 0 && Environment.IsPrivilegedProcess, "needs root and a PCI function: asks the kernel to repeat a message");
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var changes = PassthroughHost.Local().WatchAsync(CaptureOptions.DevicesOnly, cancel.Token).GetAsyncEnumerator(cancel.Token);
        Assert.True(await changes.MoveNextAsync());

        await File.WriteAllTextAsync($"/sys/bus/pci/devices/{devices[0].Address}/uevent", "change", cancel.Token);

        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((HostChangeKind.Changed, devices[0].Address), (changes.Current.Kind, changes.Current.Device));
    }

    private IAsyncEnumerator<HostChange> Watch(FakeSource source) =>
        HostWatch.WatchAsync(source, () => PassthroughHost.At(_fake.Root).Capture(CaptureOptions.DevicesOnly), CancellationToken.None).GetAsyncEnumerator();

    private static byte[] Message(string action, string subsystem, string address, string? driver) => Encoding.UTF8.GetBytes(
        $"{action}@/devices/pci0000:00/{address}\0ACTION={action}\0DEVPATH=/devices/pci0000:00/{address}\0SUBSYSTEM={subsystem}\0"
        + (driver is null ? "" : $"DRIVER={driver}\0") + $"PCI_SLOT_NAME={address}\0SEQNUM=4711\0");

    private sealed class FakeSource : IUeventSource
    {
        private readonly BlockingCollection<(int Errno, byte[] Message)> _messages = [];

        public bool IsDisposed { get; private set; }

        public void Send(byte[] message) => _messages.Add((Errno.Success, message));

        public void Fail(int errno) => _messages.Add((errno, []));

        public int Receive(Span<byte> buffer, out int length)
        {
            var (errno, message) = _messages.Take();
            message.CopyTo(buffer);
            length = message.Length;
            return errno;
        }

        public void Stop() => _messages.Add((Errno.Canceled, []));

        public void Dispose()
        {
            IsDisposed = true;
            _messages.Dispose();
        }
    }
}
