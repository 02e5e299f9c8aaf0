using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Boot.Loaders;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing.VirtualHosts;

/// <summary>The kernel and its modules, as distributions install them.</summary>
public sealed class KernelFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("passthrough-kernel-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Modules_come_after_what_they_need_each_once_and_without_those_in_the_kernel()
    {
        var modules = Modules("a/virtio-pci.ko.xz: a/virtio.ko a/virtio_ring.ko\na/virtio.ko:\na/virtio_ring.ko: a/virtio.ko\n", "kernel/fs/9p/9p.ko\n");

        Assert.Equal(["a/virtio.ko", "a/virtio_ring.ko", "a/virtio-pci.ko.xz"], modules.FilesOf(["9p", "virtio_pci", "virtio"]).Select(file => Path.GetRelativePath(_folder.FullName, file)));
        Assert.True(modules.Has("virtio-pci"));
        Assert.False(modules.Has("overlay"));
        Assert.Contains("no module overlay", Assert.Throws<InvalidOperationException>(() => modules.FilesOf(["overlay"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_is_read_whether_it_is_compressed_or_not()
    {
        var content = "\u007fELF and so on"u8.ToArray();
        await File.WriteAllBytesAsync(PathOf("a.ko"), content);
        await using (var gzip = new GZipStream(File.Create(PathOf("a.ko.gz")), CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(content);
        }

        await File.WriteAllBytesAsync(PathOf("a.ko.lz4"), "what is this"u8.ToArray());

        Assert.Equal(content, KernelModules.Load(PathOf("a.ko")));
        Assert.Equal(content, KernelModules.Load(PathOf("a.ko.gz")));
        Assert.Contains("a.ko.lz4", Assert.Throws<InvalidDataException>(() => KernelModules.Load(PathOf("a.ko.lz4"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xz", "xz-utils")]
    [InlineData("zstd", "zstd")]
    public async Task A_module_that_another_program_compressed_is_unpacked_by_it(string program, string package)
    {
        Prerequisite.Program(program, package);
        var content = new byte[300_000];
        "\u007fELF"u8.CopyTo(content);
        await File.WriteAllBytesAsync(PathOf("a.ko"), content);
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, ["-k", "-q", PathOf("a.ko")]))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);

        Assert.Equal(content, KernelModules.Load(Directory.GetFiles(_folder.FullName).Single(file => file != PathOf("a.ko"))));
    }

    [Fact]
    public void Releases_are_ordered_by_their_numbers()
    {
        string[] ordered = ["5.10.0-9-amd64", "6.1.0-9-amd64", "6.1.0-57-amd64", "6.1.0-57-amd64.1", "6.12.3+deb13-amd64"];
        Assert.Equal(ordered, ordered.Reverse().Order(VersionOrder.Instance));
    }

    [Fact]
    public async Task A_kernel_is_recognised_by_its_header_and_unpacked_once()
    {
        await WriteKernel(PathOf("vmlinuz"), "6.1.0-57-amd64", Gzip("the kernel"u8));
        var image = KernelImage.Read(PathOf("vmlinuz"))!;
        var cache = PathOf("cache/deeper");

        var first = KernelCache.Get(image, cache, out var memory);
        await File.WriteAllTextAsync(first, "changed");
        var second = KernelCache.Get(image, cache, out _);

        Assert.Equal("6.1.0-57-amd64", image.Release);
        Assert.Null(memory);
        Assert.Matches("^vmlinux-6[.]1[.]0-57-amd64-[0-9a-f]{16}$", Assert.Single(Directory.GetFiles(cache).Select(Path.GetFileName)));
        Assert.Equal(first, second);
        Assert.Equal("changed", await File.ReadAllTextAsync(second));
    }

    // Built again, with the clock of the packed file as it was: neither the release nor the time tells them apart.
    [Fact]
    public async Task Another_kernel_of_the_same_release_is_unpacked_itself()
    {
        var (one, two, cache) = (PathOf("vmlinuz"), PathOf("vmlinuz-own"), PathOf("cache"));
        await WriteKernel(one, "6.1.0", Gzip("the kernel"u8));
        await WriteKernel(two, "6.1.0", Gzip("another kernel"u8));
        File.SetLastWriteTimeUtc(two, File.GetLastWriteTimeUtc(one).AddDays(-9));

        Assert.Equal("the kernel", await File.ReadAllTextAsync(KernelCache.Get(KernelImage.Read(one)!, cache, out _)));
        Assert.Equal("another kernel", await File.ReadAllTextAsync(KernelCache.Get(KernelImage.Read(two)!, cache, out _)));
        Assert.Equal("the kernel", await File.ReadAllTextAsync(KernelCache.Get(KernelImage.Read(one)!, cache, out _)));
        await WriteKernel(one, "6.1.0", Gzip("the kernel, updated"u8));
        Assert.Equal("the kernel, updated", await File.ReadAllTextAsync(KernelCache.Get(KernelImage.Read(one)!, cache, out _)));
    }

    [Fact]
    public async Task Kernels_that_were_not_used_for_long_leave_the_cache_when_another_one_comes()
    {
        var cache = PathOf("cache");
        await WriteKernel(PathOf("vmlinuz"), "6.1.0", Gzip("the kernel"u8));
        var used = KernelCache.Get(KernelImage.Read(PathOf("vmlinuz"))!, cache, out _);
        foreach (var (name, days) in new[] { ("vmlinux-5.10.0", 100), ("vmlinux-6.0.0-0123456789abcdef", 50), ("something-else", 1000) })
        {
            await File.WriteAllTextAsync(Path.Combine(cache, name), "x");
            File.SetLastWriteTimeUtc(Path.Combine(cache, name), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-days));
        }

        File.SetLastWriteTimeUtc(used, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-100));
        Assert.Equal(used, KernelCache.Get(KernelImage.Read(PathOf("vmlinuz"))!, cache, out _)); // so it is used again
        await WriteKernel(PathOf("vmlinuz"), "6.2.0", Gzip("the next kernel"u8));
        var next = KernelCache.Get(KernelImage.Read(PathOf("vmlinuz"))!, cache, out _);

        Assert.Equal(
            new[] { "something-else", Path.GetFileName(used), Path.GetFileName(next), "vmlinux-6.0.0-0123456789abcdef" }.Order(StringComparer.Ordinal),
            Directory.GetFiles(cache).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_the_cache_cannot_be_written_the_kernel_is_unpacked_into_memory()
    {
        await WriteKernel(PathOf("vmlinuz"), "6.1.0", Gzip("the kernel"u8));
        await File.WriteAllTextAsync(PathOf("cache"), "a file, in which root cannot create one either");

        var path = KernelCache.Get(KernelImage.Read(PathOf("vmlinuz"))!, PathOf("cache"), out var memory);

        Assert.NotNull(memory);
        Assert.Equal("the kernel", await File.ReadAllTextAsync(path));
        memory.Dispose();
    }

    [Fact]
    public async Task A_kernel_in_an_unknown_form_is_started_as_it_is()
    {
        await WriteKernel(PathOf("vmlinuz"), "6.1.0", "lzo or so"u8.ToArray());

        Assert.Equal(PathOf("vmlinuz"), KernelCache.Get(KernelImage.Read(PathOf("vmlinuz"))!, PathOf("cache"), out var memory));
        Assert.Null(memory);
    }

    [Fact]
    public async Task Another_file_is_no_kernel()
    {
        await File.WriteAllTextAsync(PathOf("vmlinuz"), new string('x', 5000));
        Assert.Null(KernelImage.Read(PathOf("vmlinuz")));
        await File.WriteAllTextAsync(PathOf("vmlinuz"), "short");
        Assert.Null(KernelImage.Read(PathOf("vmlinuz")));
    }

    /// <summary>Writes a bzImage with one sector of setup.</summary>
    internal static async Task WriteKernel(string path, string release, byte[] payload)
    {
        var file = new byte[0x400 + payload.Length];
        file[0x1f1] = 1;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x20e), 0x100);
        Encoding.ASCII.GetBytes($"{release} (someone) #1").CopyTo(file.AsSpan(0x300));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(0x248), 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(0x24c), payload.Length);
        payload.CopyTo(file.AsSpan(0x400));
        await File.WriteAllBytesAsync(path, file);
    }

    internal static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private KernelModules Modules(string needs, string builtIn)
    {
        File.WriteAllText(PathOf("modules.dep"), needs);
        File.WriteAllText(PathOf("modules.builtin"), builtIn);
        return KernelModules.Read(_folder.FullName);
    }
}
