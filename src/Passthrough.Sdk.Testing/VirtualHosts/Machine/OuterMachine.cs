using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Passthrough.Sdk.Boot.Loaders;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>Finds on this machine what a virtual host is made of.</summary>
/// <param name="root">The directory that stands for the root.</param>
/// <param name="path">The PATH.</param>
internal sealed class OuterMachine(string root, string? path)
{
    // What the first program in the host needs.
    private static readonly string[] Modules = ["9p", "9pnet_virtio", "virtio_pci", "virtio_console", "overlay"];

    // Where programs of the administrator are, which another user has not on the PATH.
    private static readonly string[] MoreFolders = ["usr/local/sbin", "usr/sbin", "sbin", "usr/lib/systemd", "lib/systemd"];

    /// <summary>This machine.</summary>
    public static OuterMachine Local => new("/", Environment.GetEnvironmentVariable("PATH"));

    /// <summary>Looks for everything that a host with these options needs.</summary>
    /// <param name="options">The options.</param>
    /// <param name="parts">What it is made of; null if something is missing.</param>
    /// <returns>What is missing.</returns>
    public ValueList<MissingPrerequisite> Find(VirtualHostOptions options, out HostParts? parts)
    {
        parts = null;
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            return [new("linux-x64", $"a virtual host needs Linux on x64, and this is {RuntimeInformation.OSDescription} on {RuntimeInformation.OSArchitecture}", null)];
        }

        var missing = new List<MissingPrerequisite>();
        var qemu = options.QemuPath is { } own ? OwnFile(own, "the QEMU of VirtualHostOptions.QemuPath", missing) : Program("qemu-system-x86_64", "qemu-system-x86", missing);
        var leash = Program("setpriv", "util-linux", missing);
        var busybox = Busybox(missing);
        _ = Program("modprobe", "kmod", missing);
        var kernel = Kernel(options.KernelPath, missing);
        var modules = kernel is null ? [] : FilesOf(kernel, missing);
        if (options.Libvirt)
        {
            _ = Program("libvirtd", "libvirt-daemon-system", missing);
            _ = Program("virtlogd", "libvirt-daemon-system", missing);
            _ = Program("virsh", "libvirt-clients", missing);
            _ = Program("systemd-udevd", "udev", missing);
            _ = Program("udevadm", "udev", missing);
        }

        if (missing.Count == 0)
        {
            parts = new(qemu!, leash!, busybox!, kernel!, modules);
        }

        return [.. missing];
    }

    private string? Program(string name, string package, List<MissingPrerequisite> missing)
    {
        if (Search(name) is { } file)
        {
            return file;
        }

        missing.Add(new(name, $"the program {name} is not on the PATH", package));
        return null;
    }

    private static string? OwnFile(string file, string what, List<MissingPrerequisite> missing)
    {
        if (new FileInfo(file).Exists)
        {
            return file;
        }

        missing.Add(new(file, $"{what} does not exist: {file}", null));
        return null;
    }

    private string? Search(string name) => (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Concat(MoreFolders.Select(folder => Path.Combine(root, folder)))
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(file => new FileInfo(file) is { Exists: true } found && (found.UnixFileMode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    // In the first root there is no library that it could be linked with.
    private string? Busybox(List<MissingPrerequisite> missing)
    {
        const string package = "busybox-static";
        var found = ((IEnumerable<string>)["busybox", "busybox.static", "busybox-static"]).Select(Search).OfType<string>().ToList();
        string? unreadable = null;
        foreach (var file in found)
        {
            try
            {
                if (IsStatic(file))
                {
                    return file;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                unreadable ??= Unreadable($"the program {file}", file, exception);
            }
        }

        missing.Add(new("busybox", unreadable ?? (found is [var first, ..] ? $"{first} is linked dynamically, and a static busybox is needed" : "the program busybox is not on the PATH"), unreadable is null ? package : null));
        return null;
    }

    /// <summary>Whether an ELF file of 64 bits asks for no interpreter.</summary>
    internal static bool IsStatic(string file)
    {
        const uint interpreter = 3;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var start = new byte[4096];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        var bytes = start.AsSpan(0, length);
        if (length < 64 || !bytes.StartsWith("\u007fELF\u0002"u8))
        {
            return false;
        }

        var table = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[54..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[56..]);
        for (var i = 0; i < count; i++)
        {
            var offset = table + (i * size);
            if (offset < 0 || offset > length - 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)offset..]) == interpreter)
            {
                return false;
            }
        }

        return true;
    }

    private KernelImage? Kernel(string? own, List<MissingPrerequisite> missing)
    {
        const string package = "linux-image-amd64";
        if (own is not null)
        {
            var image = OwnFile(own, "the kernel of VirtualHostOptions.KernelPath", missing) is null ? null : Read(own, out var reason) ?? Report(reason);
            if (image is not null && !HasModules(image.Release))
            {
                missing.Add(new(own, $"the modules of the kernel {own} are not in /lib/modules/{image.Release}", null));
                return null;
            }

            return image;

            KernelImage? Report(string why)
            {
                missing.Add(new(own, why, null));
                return null;
            }
        }

        var unreadable = new List<string>();
        var images = new List<KernelImage>();
        foreach (var file in KernelFiles(unreadable))
        {
            if (Read(file, out var reason) is { } image)
            {
                images.Add(image);
            }
            else
            {
                unreadable.Add(reason);
            }
        }

        // Kernels for clouds and real time lack drivers of the emulated devices, or have never been tried: the last choice.
        var best = images.Where(image => HasModules(image.Release))
            .OrderBy(image => !IsSpecial(image.Release)).ThenBy(image => image.Release, VersionOrder.Instance).LastOrDefault();
        if (best is null)
        {
            missing.Add(new(
                "kernel",
                images.Count > 0 ? $"the modules of the kernel {images[^1].Release} are not in /lib/modules"
                    : unreadable.Count > 0 ? unreadable[0]
                    : "no kernel is in /boot",
                images.Count == 0 && unreadable.Count > 0 ? null : package));
        }

        return best;
    }

    private IEnumerable<string> KernelFiles(List<string> unreadable) =>
        Files("boot", boot => boot.GetFiles("vmlinuz*"), unreadable)
            .Concat(Files("lib/modules", modules => [.. modules.GetDirectories().Select(folder => new FileInfo(Path.Combine(folder.FullName, "vmlinuz"))).Where(file => file.Exists)], unreadable))
            .Select(file => file.FullName);

    private FileInfo[] Files(string name, Func<DirectoryInfo, FileInfo[]> list, List<string> unreadable)
    {
        var directory = new DirectoryInfo(Path.Combine(root, name));
        try
        {
            return directory.Exists ? list(directory) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            unreadable.Add(Unreadable($"the directory {directory.FullName}", directory.FullName, exception, "a+rx"));
            return [];
        }
    }

    private static string Unreadable(string what, string path, Exception exception, string rights = "a+r") =>
        $"{what} cannot be read by this user ({exception.Message}); run as root: chmod {rights} {ShellArgument.Of(path)}";

    private static KernelImage? Read(string file, out string reason)
    {
        try
        {
            reason = $"the kernel {file} is not in the form bzImage";
            return KernelImage.Read(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reason = Unreadable($"the kernel {file}", file, exception);
            return null;
        }
    }

    private static bool IsSpecial(string release) => release.Contains("-rt", StringComparison.Ordinal) || release.Contains("-cloud", StringComparison.Ordinal);

    private string ModulesOf(string release) => Path.Combine(root, "lib/modules", release);

    private bool HasModules(string release) => new FileInfo(Path.Combine(ModulesOf(release), "modules.dep")).Exists;

    private IReadOnlyList<string> FilesOf(KernelImage kernel, List<MissingPrerequisite> missing)
    {
        KernelModules modules;
        try
        {
            modules = KernelModules.Read(ModulesOf(kernel.Release));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            missing.Add(new("kernel", Unreadable($"the list of modules of the kernel {kernel.Release}", ModulesOf(kernel.Release), exception, "-R a+rX"), null));
            return [];
        }

        var absent = Modules.Where(name => !modules.Has(name)).ToList();
        if (absent.Count > 0)
        {
            missing.Add(new("kernel", $"the kernel {kernel.Release} has no module {string.Join(", ", absent)}", "linux-image-amd64"));
            return [];
        }

        var files = modules.FilesOf(Modules);
        foreach (var (suffix, program, package) in ((string, string, string)[])[(".xz", "xz", "xz-utils"), (".zst", "zstd", "zstd")])
        {
            if (files.Any(file => file.EndsWith(suffix, StringComparison.Ordinal)))
            {
                _ = Program(program, package, missing);
            }
        }

        return files;
    }
}
