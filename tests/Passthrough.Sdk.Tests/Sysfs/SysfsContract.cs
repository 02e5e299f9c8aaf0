using System.Runtime.Versioning;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Sysfs;

/// <summary>What every way of reading a host must do; run on each of them.</summary>
public abstract class SysfsContract : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create()
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1)
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", parent: "0000:00:1c.0");

    private readonly Lazy<ISysfs> _lazy;

    protected SysfsContract() => _lazy = new(() => Open(_fake.Root));

    private ISysfs Sysfs => _lazy.Value;

    private protected abstract ISysfs Open(string root);

    public void Dispose()
    {
        _fake.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_read_gives_the_content_and_follows_links()
    {
        Span<byte> buffer = stackalloc byte[64];

        Assert.Equal(Errno.Success, Sysfs.TryRead("/sys/bus/pci/devices/0000:01:00.0/device", buffer, out var length));
        Assert.Equal("0x10d3\n", Encoding.UTF8.GetString(buffer[..length]));
    }

    [Fact]
    public void A_read_leaves_out_what_does_not_fit()
    {
        Span<byte> buffer = stackalloc byte[3];

        Assert.Equal(Errno.Success, Sysfs.TryRead("/sys/bus/pci/devices/0000:01:00.0/device", buffer, out var length));
        Assert.Equal("0x1", Encoding.UTF8.GetString(buffer[..length]));
    }

    [Theory]
    [InlineData("/sys/bus/pci/devices/0000:02:00.0/device")]
    [InlineData("/sys/bus/pci/devices/0000:01:00.0/device/below-a-file")]
    [InlineData("/sys/dangling")]
    public void What_is_not_there_is_absent(string path)
    {
        _fake.AddLink("/sys/dangling", "/sys/nothing");

        Assert.True(Errno.IsAbsent(Sysfs.TryRead(path, stackalloc byte[8], out var length)));
        Assert.Equal(0, length);
        Assert.True(Errno.IsAbsent(Sysfs.TryReadAll(path, 100, out var content)));
        Assert.Empty(content);
        Assert.True(Errno.IsAbsent(Sysfs.TryList(path, [])));
        Assert.True(Errno.IsAbsent(Sysfs.TryWrite(path, "1"u8)));
        Assert.True(Errno.IsAbsent(Sysfs.TryStatus(path, out _)));
        Assert.True(Errno.IsAbsent(Sysfs.TryOpenCursor(path, out var cursor)));
        Assert.Null(cursor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sys/kernel")]
    [InlineData("/sys/\0kernel")]
    public void A_path_that_is_none_is_invalid(string path) => Assert.Equal(Errno.Invalid, Sysfs.TryRead(path, stackalloc byte[8], out _));

    [Fact]
    public void A_directory_is_not_read_as_a_file() => Assert.Equal(Errno.IsDirectory, Sysfs.TryRead("/sys/bus", stackalloc byte[8], out _));

    [Fact]
    public void A_long_file_is_read_to_its_end()
    {
        var text = string.Join('\n', Enumerable.Range(0, 10_000));
        _fake.WriteFile("/proc/long", text);

        Assert.Equal(Errno.Success, Sysfs.TryReadAll("/proc/long", 1 << 20, out var content));
        Assert.Equal(text, Encoding.UTF8.GetString(content));
        Assert.Equal(Errno.TooLarge, Sysfs.TryReadAll("/proc/long", text.Length - 1, out content));
        Assert.Empty(content);
        Assert.Equal(Errno.Success, Sysfs.TryReadAll("/proc/long", text.Length, out _));
    }

    [Fact]
    public void A_link_is_read_and_not_followed()
    {
        Assert.Equal(Errno.Success, Sysfs.TryReadLink("/sys/bus/pci/devices/0000:01:00.0/driver", out var target));
        Assert.Equal("../../../../bus/pci/drivers/e1000e", target);
        Assert.Equal(Errno.Success, Sysfs.TryReadLink("/sys/bus/pci/devices/0000:01:00.0", out target));
        Assert.Equal("../../../devices/pci0000:00/0000:00:1c.0/0000:01:00.0", target);
        Assert.Equal(Errno.Invalid, Sysfs.TryReadLink("/sys/bus/pci/devices/0000:01:00.0/device", out target));
        Assert.Equal("", target);
        Assert.Equal(Errno.NotFound, Sysfs.TryReadLink("/sys/bus/pci/devices/0000:01:00.0/iommu_group", out _));
    }

    [Fact]
    public void A_list_has_every_name_and_no_dots()
    {
        _fake.WriteFile("/etc/.hidden", "").AddLink("/etc/dangling", "nowhere");
        var names = new List<string>();

        Assert.Equal(Errno.Success, Sysfs.TryList("/etc", names));
        Assert.Equal([".hidden", "dangling"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_list_of_thousands_is_whole()
    {
        for (var i = 0; i < 3000; i++)
        {
            _fake.WriteFile($"/etc/a-name-that-takes-some-room-{i}", "");
        }

        var names = new List<string>();

        Assert.Equal(Errno.Success, Sysfs.TryList("/etc", names));
        Assert.Equal(3000, names.Distinct().Count());
    }

    [Fact]
    public void A_write_replaces_what_was_there()
    {
        _fake.WriteFile("/etc/file", "something long");

        Assert.Equal(Errno.Success, Sysfs.TryWrite("/etc/file", "short"u8));
        Assert.Equal("short", File.ReadAllText(_fake.PathOf("/etc/file")));
    }

    [Fact]
    public void A_write_makes_no_file()
    {
        Assert.Equal(Errno.NotFound, Sysfs.TryWrite("/etc/new", "1"u8));
        Assert.False(Path.Exists(_fake.PathOf("/etc/new")));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_status_tells_files_from_directories()
    {
        File.SetUnixFileMode(_fake.WriteFile("/etc/file", "12345").PathOf("/etc/file"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Equal(Errno.Success, Sysfs.TryStatus("/etc/file", out var status));
        Assert.Equal((FileKind.Regular, UnixFileMode.UserRead | UnixFileMode.GroupRead, 5), (status.Kind, status.Mode, status.Size));
        Assert.Equal(Errno.Success, Sysfs.TryStatus("/sys/bus/pci/devices/0000:01:00.0/driver", out status));
        Assert.Equal(FileKind.Directory, status.Kind);
    }

    [Theory]
    [InlineData("/etc/absolute")]
    [InlineData("/etc/upwards")]
    [InlineData("/../../../../../../etc/passwd-of-the-fake")]
    [InlineData("/etc/directory/passwd-of-the-fake")]
    public void No_link_leads_out_of_the_root(string path)
    {
        _fake.WriteFile("/etc/passwd-of-the-fake", "inside")
            .AddLink("/etc/upwards", "../../../../../../../../../../etc/passwd-of-the-fake")
            .AddLink("/etc/directory", "../../../../../../../../etc");
        File.CreateSymbolicLink(_fake.PathOf("/etc/absolute"), "/etc/passwd-of-the-fake");
        Span<byte> buffer = stackalloc byte[16];

        Assert.Equal(Errno.Success, Sysfs.TryRead(path, buffer, out var length));
        Assert.Equal("inside", Encoding.UTF8.GetString(buffer[..length]));
    }

    [Fact]
    public void A_link_to_a_file_outside_is_dangling()
    {
        using var outside = FakeHost.Create();
        outside.WriteFile("/etc/secret", "secret");
        File.CreateSymbolicLink(_fake.PathOf("/etc/link"), outside.PathOf("/etc/secret"));

        Assert.Equal(Errno.NotFound, Sysfs.TryRead("/etc/link", stackalloc byte[16], out _));
        Assert.Equal(Errno.NotFound, Sysfs.TryWrite("/etc/link", "overwritten"u8));
        Assert.Equal("secret", File.ReadAllText(outside.PathOf("/etc/secret")));
    }

    [Fact]
    public void A_circle_of_links_ends()
    {
        _fake.AddLink("/etc/a", "b").AddLink("/etc/b", "a");

        Assert.Equal(Errno.TooManyLinks, Sysfs.TryRead("/etc/a", stackalloc byte[16], out _));
    }

    [Fact]
    public void A_cursor_reads_files_and_links_of_the_directory_it_stands_in()
    {
        Assert.Equal(Errno.Success, Sysfs.TryOpenCursor("/sys/bus/pci/devices", out var cursor));
        using (cursor)
        {
            Span<byte> buffer = stackalloc byte[128];

            Assert.Equal(Errno.NotFound, cursor!.TryRead("device"u8, buffer, out _));
            Assert.Equal(Errno.Success, cursor.TryEnter("0000:01:00.0"));
            Assert.Equal(Errno.Success, cursor.TryRead("device"u8, buffer, out var length));
            Assert.Equal("0x10d3\n", Encoding.UTF8.GetString(buffer[..length]));
            Assert.Equal(Errno.Success, cursor.TryReadLink("driver"u8, buffer, out length));
            Assert.Equal("../../../../bus/pci/drivers/e1000e", Encoding.UTF8.GetString(buffer[..length]));
            Assert.Equal(Errno.NotFound, cursor.TryReadLink("iommu_group"u8, buffer, out _));
            Assert.Equal(Errno.Invalid, cursor.TryReadLink("device"u8, buffer, out _));

            Assert.Equal(Errno.Success, cursor.TryEnter("0000:00:1c.0"));
            Assert.Equal(Errno.Success, cursor.TryRead("secondary_bus_number"u8, buffer, out length));
            Assert.Equal("1\n", Encoding.UTF8.GetString(buffer[..length]));

            Assert.Equal(Errno.NotFound, cursor.TryEnter("0000:09:00.0"));
            Assert.Equal(Errno.NotFound, cursor.TryRead("device"u8, buffer, out _));
        }
    }

    [Fact]
    public void A_cursor_stays_under_the_root()
    {
        using var outside = FakeHost.Create();
        outside.WriteFile("/etc/device/secret", "secret");
        File.CreateSymbolicLink(_fake.PathOf("/sys/bus/pci/devices/0000:03:00.0"), outside.PathOf("/etc/device"));
        File.CreateSymbolicLink(_fake.PathOf("/sys/bus/pci/devices/0000:01:00.0/secret"), outside.PathOf("/etc/device/secret"));
        _fake.WriteFile("/etc/inside", "inside");
        File.CreateSymbolicLink(_fake.PathOf("/sys/bus/pci/devices/0000:01:00.0/link"), "/etc/inside");

        Assert.Equal(Errno.Success, Sysfs.TryOpenCursor("/sys/bus/pci/devices", out var cursor));
        using (cursor)
        {
            Span<byte> buffer = stackalloc byte[16];

            Assert.Equal(Errno.NotFound, cursor!.TryEnter("0000:03:00.0"));
            Assert.Equal(Errno.Success, cursor.TryEnter("0000:01:00.0"));
            Assert.Equal(Errno.NotFound, cursor.TryRead("secret"u8, buffer, out _));
            Assert.Equal(Errno.Success, cursor.TryRead("link"u8, buffer, out var length));
            Assert.Equal("inside", Encoding.UTF8.GetString(buffer[..length]));
        }
    }

    [Fact]
    public void Many_threads_may_read_at_once()
    {
        Parallel.For(0, 64, _ =>
        {
            Span<byte> buffer = stackalloc byte[16];
            Assert.Equal(Errno.Success, Sysfs.TryRead("/sys/bus/pci/devices/0000:01:00.0/vendor", buffer, out var length));
            Assert.Equal("0x8086\n", Encoding.UTF8.GetString(buffer[..length]));
        });
    }
}
