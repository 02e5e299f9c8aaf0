using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing.VirtualHosts;

/// <summary>What a virtual host needs of a machine, and what is said about what is missing.</summary>
public sealed class OuterMachineTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("passthrough-machine-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void An_empty_machine_lacks_everything_and_each_thing_has_its_package()
    {
        var missing = Find(new(), out var parts);

        Assert.Null(parts);
        Assert.Equal(
            [("qemu-system-x86_64", "qemu-system-x86"), ("setpriv", "util-linux"), ("busybox", "busybox-static"), ("modprobe", "kmod"), ("kernel", "linux-image-amd64")],
            missing.Select(each => (each.Name, each.Package!)));
        Assert.EndsWith(
            "On Debian, run as root: apt-get install -y --no-install-recommends busybox-static kmod linux-image-amd64 qemu-system-x86 util-linux",
            new VirtualHostUnavailableException([.. missing]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_complete_machine_lacks_nothing_and_its_newest_ordinary_kernel_is_taken()
    {
        await Complete();
        await AddKernel("6.1.0-9-amd64");
        await AddKernel("6.1.0-58-rt-amd64");
        await AddKernel("6.1.0-99-amd64", withModules: false);

        Assert.Empty(Find(new(), out var parts));

        Assert.Equal("6.1.0-57-amd64", parts!.Kernel.Release);
        Assert.Equal(5, parts.Modules.Count);
        Assert.Equal(PathOf("usr/bin/qemu-system-x86_64"), parts.Qemu);
    }

    [Fact]
    public async Task Libvirt_is_needed_only_where_it_is_asked_for()
    {
        await Complete();

        Assert.Equal(
            ["libvirtd", "virtlogd", "virsh", "systemd-udevd", "udevadm"],
            Find(new() { Libvirt = true }, out _).Select(each => each.Name));
    }

    [Fact]
    public async Task A_busybox_that_needs_a_library_is_not_enough()
    {
        await Complete();
        await AddProgram("busybox", Elf(interpreter: true));

        var missing = Assert.Single(Find(new(), out _));
        Assert.Contains("linked dynamically", missing.Reason, StringComparison.Ordinal);
        Assert.Equal("busybox-static", missing.Package);
    }

    [Fact]
    public async Task A_kernel_without_the_modules_of_the_first_root_is_named()
    {
        await Complete();
        await File.WriteAllTextAsync(PathOf("lib/modules/6.1.0-57-amd64/modules.dep"), "9p.ko:\noverlay.ko:\n");

        Assert.Contains("has no module 9pnet_virtio, virtio_pci, virtio_console", Assert.Single(Find(new(), out _)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_modules_need_the_program_that_unpacks_them()
    {
        await Complete();
        await File.WriteAllTextAsync(PathOf("lib/modules/6.1.0-57-amd64/modules.dep"), "9p.ko.zst:\noverlay.ko.zst:\n9pnet_virtio.ko.zst:\nvirtio_pci.ko.zst:\nvirtio_console.ko.zst:\n");

        Assert.Equal(("zstd", "zstd"), Assert.Single(Find(new(), out _).Select(each => (each.Name, each.Package!))));
    }

    [Fact]
    public async Task Files_of_the_options_that_do_not_exist_are_named()
    {
        await Complete();

        var missing = Find(new() { QemuPath = "/nonesuch/qemu", KernelPath = PathOf("boot/vmlinuz-other") }, out _);

        Assert.Equal(["/nonesuch/qemu", PathOf("boot/vmlinuz-other")], missing.Select(each => each.Name));
        Assert.All(missing, each => Assert.Contains("does not exist", each.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("boot", "kernel", "the directory {0} cannot be read by this user (", "; run as root: chmod a+rx {0}")]
    [InlineData("boot/vmlinuz-6.1.0-57-amd64", "kernel", "the kernel {0} cannot be read by this user (", "; run as root: chmod a+r {0}")]
    [InlineData("usr/bin/busybox", "busybox", "the program {0} cannot be read by this user (", "; run as root: chmod a+r {0}")]
    [InlineData("lib/modules/6.1.0-57-amd64/modules.dep", "kernel", "the list of modules of the kernel 6.1.0-57-amd64 cannot be read by this user (", "; run as root: chmod -R a+rX ")]
    public async Task What_this_user_may_not_read_is_missing_with_the_reason(string path, string name, string begins, string ends)
    {
        await Complete();
        var file = PathOf(path);
        File.SetUnixFileMode(file, path == "usr/bin/busybox" ? UnixFileMode.UserExecute : UnixFileMode.None);
        try
        {
            var missing = Assert.Single(WithoutCapabilities.Run(() => Find(new(), out _)));

            Assert.Equal((name, null), (missing.Name, missing.Package));
            Assert.StartsWith(string.Format(null, begins, file), missing.Reason, StringComparison.Ordinal);
            Assert.Contains(string.Format(null, ends, file), missing.Reason, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Without_boot_the_kernel_beside_its_modules_is_taken()
    {
        await Complete();
        File.Move(PathOf("boot/vmlinuz-6.1.0-57-amd64"), PathOf("lib/modules/6.1.0-57-amd64/vmlinuz"));
        File.SetUnixFileMode(PathOf("boot"), UnixFileMode.None);
        HostParts? parts = null;
        try
        {
            Assert.Empty(WithoutCapabilities.Run(() => Find(new(), out parts)));
            Assert.Equal(PathOf("lib/modules/6.1.0-57-amd64/vmlinuz"), parts!.Kernel.Path);
        }
        finally
        {
            File.SetUnixFileMode(PathOf("boot"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private ValueList<MissingPrerequisite> Find(VirtualHostOptions options, out HostParts? parts) =>
        new OuterMachine(_root.FullName, PathOf("usr/bin")).Find(options, out parts);

    private async Task Complete()
    {
        await AddProgram("qemu-system-x86_64", []);
        await AddProgram("setpriv", []);
        await AddProgram("modprobe", []);
        await AddProgram("busybox", Elf(interpreter: false));
        await AddKernel("6.1.0-57-amd64");
    }

    private async Task AddProgram(string name, byte[] content)
    {
        Directory.CreateDirectory(PathOf("usr/bin"));
        await File.WriteAllBytesAsync(PathOf($"usr/bin/{name}"), content);
        File.SetUnixFileMode(PathOf($"usr/bin/{name}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task AddKernel(string release, bool withModules = true)
    {
        Directory.CreateDirectory(PathOf("boot"));
        await KernelFilesTests.WriteKernel(PathOf($"boot/vmlinuz-{release}"), release, [1, 2, 3, 4]);
        if (withModules)
        {
            Directory.CreateDirectory(PathOf($"lib/modules/{release}"));
            await File.WriteAllTextAsync(PathOf($"lib/modules/{release}/modules.dep"), "9p.ko:\noverlay.ko:\n9pnet_virtio.ko:\nvirtio_pci.ko:\nvirtio_console.ko:\n");
        }
    }

    // The header of an ELF file of 64 bits with one segment.
    private static byte[] Elf(bool interpreter)
    {
        var file = new byte[128];
        "\u007fELF\u0002"u8.CopyTo(file);
        (file[32], file[54], file[56], file[64]) = (64, 56, 1, interpreter ? (byte)3 : (byte)1);
        return file;
    }

    private string PathOf(string name) => Path.Combine(_root.FullName, name);
}
