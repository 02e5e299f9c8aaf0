using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Host;

public sealed class HostArchiveTests : IDisposable
{
    private const string Dump = """
        01:00.0 Ethernet controller: whatever
        00: 86 80 d3 10 07 04 10 00 03 00 00 02 10 00 00 00
        10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        20: 00 00 00 00 00 00 00 00 00 00 00 00 86 80 1f a0
        30: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00

        """;

    private readonly FakeHost _fake = FakeHost.Create()
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0", numaNode: 1)
        .AddPciDevice("0000:01:10.0", 0x8086, 0x10ca, physicalFunction: "0000:01:00.0", iommuGroup: 10)
        .WriteAttribute("0000:01:00.0", "reset_method", "flr bus\n")
        .WriteFile("/proc/cmdline", "root=UUID=0a1b2c3d-1111-2222-3333-444455556666 intel_iommu=on\n");

    private readonly FakeHost _files = FakeHost.Create();

    private string Archive => _files.PathOf("/etc/host.tar.gz");

    public void Dispose()
    {
        _fake.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void An_archive_reads_as_the_host_it_was_made_of()
    {
        Write(Archive);
        var options = new CaptureOptions { AllDetails = true };

        var (host, archive) = (PassthroughHost.At(_fake.Root).Capture(options), PassthroughHost.At(Archive).Capture(options));

        Assert.Equal(Archive, archive.Source);
        Assert.Equal(host.Devices.AsEnumerable().Select(Describe), archive.Devices.AsEnumerable().Select(Describe));
        Assert.Equal(host.IommuGroups.AsEnumerable().Select(g => $"{g} {g.Type} {g.ReservedRegions!.Value.Count}"), archive.IommuGroups.AsEnumerable().Select(g => $"{g} {g.Type} {g.ReservedRegions!.Value.Count}"));
        Assert.True(archive.System.Kernel.CommandLine.IsKnown);
    }

    [Fact]
    public void An_archive_that_was_unpacked_reads_the_same()
    {
        Write(Archive);
        using (var gzip = new GZipStream(new FileStream(Archive, FileMode.Open), CompressionMode.Decompress))
        {
            TarFile.ExtractToDirectory(gzip, _files.PathOf("/boot"), overwriteFiles: false);
        }

        var unpacked = PassthroughHost.At(_files.PathOf("/boot")).Capture();

        Assert.Equal(PassthroughHost.At(Archive).Capture().Devices.AsEnumerable().Select(Describe), unpacked.Devices.AsEnumerable().Select(Describe));
    }

    [Fact]
    public void The_same_host_gives_the_same_bytes()
    {
        Write(Archive);
        Write(Archive + "2");

        Assert.Equal(Bytes(Archive), Bytes(Archive + "2"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Secrets_are_out_unless_asked_for(bool secrets)
    {
        var config = new byte[4096];
        (config[0], config[1], config[0x100], config[0x102]) = (0x86, 0x80, 3, 1);
        (config[6], config[0x34], config[0x40]) = (0x10, 0x40, 0x10);
        config.AsSpan(0x104, 8).Fill(0xab);
        _fake.WriteFile(_fake.DevicePath("0000:01:00.0") + "/config", config).WriteFile("/proc/cmdline", "root=UUID=0a1b2c3d-1111-2222-3333-444455556666 mac=52:54:00:12:34:56\n");

        _fake.WriteFile("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000:Alice:/home/alice:/bin/sh\nlibvirt-qemu:x:64055:107::/:/bin/false\n")
            .WriteFile("/etc/group", "kvm:x:107:alice,libvirt-qemu\n").WriteFile("/etc/libvirt/qemu.conf", "vnc_password = \"alice\"\nuser = \"libvirt-qemu\"\n");
        Write(Archive, secrets);
        Assert.Equal(secrets, Encoding.UTF8.GetString(Unpacked(Archive)).Contains("alice", StringComparison.Ordinal));

        var snapshot = PassthroughHost.At(Archive).Capture(new CaptureOptions { AllDetails = true });
        var line = snapshot.System.Kernel.CommandLine.ToString();
        Assert.Equal(secrets, line.Contains("0a1b2c3d", StringComparison.Ordinal));
        Assert.Equal(secrets, line.Contains("52:54:00:12:34:56", StringComparison.Ordinal));
        Assert.Equal(("libvirt-qemu", 64055u), (snapshot.System.Emulator.Account.Value!.Name, snapshot.System.Emulator.Account.Value.UserId));
        Assert.Equal([107u], snapshot.System.Emulator.Account.Value.GroupIds);
        Assert.Equal(secrets, snapshot.Devices[PciAddress.Parse("0000:01:00.0")].Details!.Configuration!.Bytes.Span.Contains((byte)0xab));
    }

    private static byte[] Unpacked(string path)
    {
        using var gzip = new GZipStream(new FileStream(path, FileMode.Open), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }

    [Fact]
    public void What_was_not_readable_is_unknown_in_the_archive_too()
    {
        var files = new Unreadable(new Passthrough.Sdk.Sysfs.FileSystemSysfs(new System.IO.Abstractions.FileSystem(), _fake.Root));
        using var stream = new FileStream(Archive, FileMode.Create);
        PassthroughHost.From(files, "/", null).CaptureTo(stream);
        stream.Close();

        Assert.Contains(PassthroughHost.At(Archive).Capture(new CaptureOptions { AllDetails = true }).Unread, u => u.Path == "/sys/bus/pci/devices/0000:01:00.0/reset_method" && u.Reason == "permission denied");
    }

    [Fact]
    public void An_archive_of_others_may_have_a_folder_of_its_own()
    {
        Pack(("host/sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n"), ("host/sys/bus/pci/devices/0000:00:02.0/device", "0x1234\n"));

        Assert.Equal((ushort)0x1234, PassthroughHost.At(Archive).Capture().Devices[0].DeviceId);
    }

    [Fact]
    public void An_archive_of_others_may_have_the_whole_path_to_the_host()
    {
        Pack(("captures/2024/host/sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n"), ("captures/2024/host/usr/src/proc/x", "x"), ("captures/2024/host/proc/cmdline", "quiet\n"));

        var snapshot = PassthroughHost.At(Archive).Capture();
        Assert.Equal((ushort)0x8086, snapshot.Devices[0].VendorId);
        Assert.Equal("quiet", snapshot.System.Kernel.CommandLine.Value!.ToString());
    }

    [Fact]
    public void An_archive_in_the_format_of_Unix_7_is_one()
    {
        using (var tar = new TarWriter(new FileStream(Archive, FileMode.Create), TarEntryFormat.V7))
        {
            tar.WriteEntry(new V7TarEntry(TarEntryType.V7RegularFile, "sys/bus/pci/devices/0000:00:02.0/vendor") { DataStream = new MemoryStream("0x8086\n"u8.ToArray()) });
        }

        Assert.Equal((ushort)0x8086, PassthroughHost.At(Archive).Capture().Devices[0].VendorId);
    }

    [Fact]
    public void A_device_file_without_an_end_is_a_typed_error() =>
        Assert.Contains("MiB", Assert.Throws<HostSourceException>(() => PassthroughHost.At("/dev/zero")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_leads_out_of_the_archive_is_left_aside()
    {
        Pack(("sys/../../../etc/passwd", "x"), ("sys/bus/pci/devices/0000:00:02.0/vendor", "0x8086\n"));

        Assert.Single(PassthroughHost.At(Archive).Capture().Devices.AsEnumerable());
    }

    [Theory]
    [InlineData("")]
    [InlineData("some text that is nothing\n")]
    [InlineData("BZh91AY&SY")]
    public void A_file_that_is_no_host_is_a_typed_error(string content)
    {
        File.WriteAllText(Archive, content);

        Assert.Equal(Archive, Assert.Throws<HostSourceException>(() => PassthroughHost.At(Archive)).HostSource);
    }

    [Fact]
    public void A_damaged_archive_is_a_typed_error()
    {
        Write(Archive);
        var bytes = Bytes(Archive);
        File.WriteAllBytes(Archive, bytes[..(bytes.Length / 2)]);

        Assert.Throws<HostSourceException>(() => PassthroughHost.At(Archive));
    }

    [Fact]
    public void A_dump_may_be_packed()
    {
        using (var gzip = new GZipStream(new FileStream(Archive, FileMode.Create), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Dump));
        }

        Assert.Equal("0000:01:00.0 8086:10d3 [020000]", Assert.Single(PassthroughHost.At(Archive).Capture().Devices.AsEnumerable()).ToString());
    }

    [Fact]
    public async Task A_dump_may_come_through_a_pipe()
    {
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Archive]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // Opening a pipe waits for the other end.
        var writing = Task.Run(() => File.WriteAllText(Archive, Dump), TestContext.Current.CancellationToken);

        Assert.Single(PassthroughHost.At(Archive).Capture().Devices.AsEnumerable());
        await writing;
    }

    [Fact]
    public void A_dump_gives_ids_and_leaves_the_rest_unknown()
    {
        File.WriteAllText(Archive, Dump);

        var snapshot = PassthroughHost.At(Archive).Capture(new CaptureOptions { AllDetails = true });

        var device = Assert.Single(snapshot.Devices.AsEnumerable());
        Assert.Equal("0000:01:00.0 8086:10d3 [020000]", device.ToString());
        Assert.Equal(((ushort)0x8086, (ushort)0xa01f, (byte)3), (device.SubsystemVendorId, device.SubsystemDeviceId, device.Revision));
        Assert.Equal(64, device.Details!.Configuration!.Bytes.Length);
        Assert.Equal(FactState.Unknown, snapshot.IommuGroups.State);
        Assert.True(snapshot.System.Kernel.CommandLine.IsUnknown);
    }

    private void Write(string archive, bool secrets = false)
    {
        using var stream = new FileStream(archive, FileMode.Create);
        PassthroughHost.At(_fake.Root).CaptureTo(stream, secrets);
    }

    private void Pack(params (string Name, string Content)[] files)
    {
        using var gzip = new GZipStream(new FileStream(Archive, FileMode.Create), CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip);
        foreach (var (name, content) in files)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        }
    }

    private static byte[] Bytes(string path)
    {
        using var stream = new FileStream(path, FileMode.Open);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Describe(PciDevice d) =>
        $"{d} {d.SubsystemVendorId} {d.Revision} {d.NumaNode} {d.IommuGroupId} {d.PhysicalFunction} {string.Join(',', d.VirtualFunctions)} "
        + $"{string.Join(',', d.Details?.ResetMethods ?? [])} {string.Join(',', d.Details?.Bridges ?? [])} {d.Details?.VirtualFunctionIndex} {d.Details?.Configuration?.Bytes.Length}";

    private sealed class Unreadable(Passthrough.Sdk.Sysfs.ISysfs inner) : Sysfs.DelegatingSysfs(inner)
    {
        public override int TryRead(string path, Span<byte> buffer, out int length)
        {
            length = 0;
            return path.EndsWith("/reset_method", StringComparison.Ordinal) ? Passthrough.Sdk.Facts.Errno.AccessDenied : base.TryRead(path, buffer, out length);
        }
    }
}
