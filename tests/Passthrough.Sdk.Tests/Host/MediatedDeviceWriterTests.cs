using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Host;

public sealed class MediatedDeviceWriterTests : IDisposable
{
    private static readonly Guid Uuid = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
    private static readonly Guid Other = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1002");
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeHost _fake = FakeHost.Create().AddMediatedType("mtty", "mtty-2", 1).AddMediatedType("mtty", "mtty-1", 24);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_device_is_created_and_removed_and_both_are_seen()
    {
        var writer = Writer();

        await writer.CreateAsync("mtty", "mtty-2", Uuid, Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(("mtty", "mtty-2"), (writer.Find(Uuid)!.Parent, writer.Find(Uuid)!.Type));
        var none = await Assert.ThrowsAsync<MediatedDeviceException>(() => writer.CreateAsync("mtty", "mtty-2", Other, Deadline, CancellationToken.None));
        Assert.Contains("no instance of this type is left (ENOSPC)", none.Message, StringComparison.Ordinal);

        await writer.RemoveAsync(Uuid, Deadline, TestContext.Current.CancellationToken);
        Assert.Null(writer.Find(Uuid));
        await writer.CreateAsync("mtty", "mtty-2", Other, Deadline, TestContext.Current.CancellationToken);
        await writer.SettleAsync(Other, Deadline);
    }

    [Theory]
    [InlineData(Errno.TooManyUsers, "no instance of this type is left (EUSERS)")]
    [InlineData(Errno.Exists, "choose another UUID")]
    [InlineData(Errno.NotFound, "has no such type")]
    [InlineData(Errno.NoDevice, "ENODEV")]
    [InlineData(Errno.Invalid, "EINVAL")]
    [InlineData(Errno.NotPermitted, "run as root")]
    [InlineData(Errno.IoError, "kernel's log")]
    public async Task What_the_kernel_refuses_is_explained_with_what_the_driver_logged(int errno, string named)
    {
        var files = new Kernel(this) { Errno = errno, Logs = [$"mtty: probe of {Uuid} failed with error -{errno}", "usb 1-1: new device"] };
        var writer = new MediatedDeviceWriter(files, TimeProvider.System);

        var error = await Assert.ThrowsAsync<MediatedDeviceException>(() => writer.CreateAsync("mtty", "mtty-2", Uuid, Deadline, CancellationToken.None));

        Assert.Equal((Uuid, errno), (error.Uuid, error.ErrorNumber));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{Uuid} of the type mtty-2 on mtty", error.Message, StringComparison.Ordinal);
        Assert.Equal([$"mtty: probe of {Uuid} failed with error -{errno}"], error.Log);
    }

    [Fact]
    public async Task Lines_from_before_are_not_taken_for_the_reason()
    {
        var files = new Kernel(this) { Errno = Errno.NoSpace, Before = $"[    1.000000] mtty: probe of {Uuid} failed with error -22\n" };

        var error = await Assert.ThrowsAsync<MediatedDeviceException>(
            () => new MediatedDeviceWriter(files, TimeProvider.System).CreateAsync("mtty", "mtty-2", Uuid, Deadline, CancellationToken.None));

        Assert.Empty(error.Log);
    }

    [Fact]
    public async Task A_success_that_is_none_is_seen()
    {
        var silent = new MediatedDeviceWriter(new Kernel(this) { Errno = Errno.Success }, TimeProvider.System);
        var created = await Assert.ThrowsAsync<MediatedDeviceException>(() => silent.CreateAsync("mtty", "mtty-2", Uuid, Deadline, CancellationToken.None));
        Assert.Contains("although the kernel reported no error", created.Message, StringComparison.Ordinal);

        _fake.AddMediatedDevice("mtty", "mtty-2", Uuid);
        var removed = await Assert.ThrowsAsync<MediatedDeviceException>(() => silent.RemoveAsync(Uuid, Deadline, CancellationToken.None));
        Assert.Contains("still exists", removed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removal_that_waits_for_a_guest_is_given_up_after_its_deadline()
    {
        _fake.AddMediatedDevice("mtty", "mtty-2", Uuid);
        using var released = new ManualResetEventSlim();
        var writer = new MediatedDeviceWriter(new Kernel(this) { Wait = released }, TimeProvider.System);

        var error = await Assert.ThrowsAsync<MediatedDeviceException>(() => writer.RemoveAsync(Uuid, TimeSpan.FromMilliseconds(50), CancellationToken.None));

        Assert.Equal(Errno.TimedOut, error.ErrorNumber);
        Assert.Contains("shut down the virtual machine", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MediatedDeviceException>(() => writer.SettleAsync(Uuid, TimeSpan.FromMilliseconds(50)));
        released.Set();
        await writer.SettleAsync(Uuid, Deadline);
    }

    private MediatedDeviceWriter Writer() => new(((PassthroughHost)_fake.Open()).Sysfs, TimeProvider.System);

    /// <summary>A kernel that answers every write as a test says, and logs.</summary>
    private sealed class Kernel(MediatedDeviceWriterTests tests) : ISysfs
    {
        private readonly ISysfs _files = ((PassthroughHost)tests._fake.Open()).Sysfs;
        private bool _isWritten;

        public int Errno { get; init; }

        public string[] Logs { get; init; } = [];

        public string Before { get; init; } = "[    1.000000] mtty: registered\n";

        public ManualResetEventSlim? Wait { get; init; }

        public int TryWrite(string path, ReadOnlySpan<byte> content)
        {
            Wait?.Wait();
            _isWritten = true;
            return Errno;
        }

        public int TryReadKernelLog(out string text)
        {
            text = Before + (_isWritten ? string.Concat(Logs.Select(line => $"[    2.000000] {line}\n")) : "");
            return 0;
        }

        public int TryRead(string path, Span<byte> buffer, out int length) => _files.TryRead(path, buffer, out length);

        public int TryReadAll(string path, int limit, out byte[] content) => _files.TryReadAll(path, limit, out content);

        public int TryReadLink(string path, out string target) => _files.TryReadLink(path, out target);

        public int TryList(string path, ICollection<string> names) => _files.TryList(path, names);

        public int TryStatus(string path, out FileStatus status) => _files.TryStatus(path, out status);

        public int TryOpenCursor(string path, out ISysfsCursor? cursor) => _files.TryOpenCursor(path, out cursor);
    }
}
