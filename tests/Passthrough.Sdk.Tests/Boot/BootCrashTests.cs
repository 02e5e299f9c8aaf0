using System.Diagnostics;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Tests.CommandLine;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>The real program, killed or refused by the kernel at every step of an apply: nothing half done, nothing lost.</summary>
public sealed class BootCrashTests
{
    private const string Grub = "/etc/default/grub";

    [Fact]
    public async Task Killed_before_any_rename_or_sync_every_file_is_old_or_new_and_revert_gives_all_back()
    {
        Prerequisite.Program("strace", "strace");
        using var tree = Distributions.Make("arch-systemd-boot").With("/etc/kernel/cmdline", "root=PARTUUID=2 rw\n");
        var before = tree.Everything();
        var plan = tree.Plan("intel_iommu=on");
        var killed = 0;
        for (var step = 1; ; step++)
        {
            var run = await Run("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=rename,fsync", "-e", $"inject=rename,fsync:signal=SIGKILL:when={step}",
                Program, "boot", "apply", "--add", "intel_iommu=on", "--root", tree.Root);
            Assert.SkipWhen(run.Errors.Contains("PTRACE", StringComparison.Ordinal), "programs may not be traced here");
            if (run.Code == 0)
            {
                break;
            }

            killed++;
            Assert.Equal(137, run.Code);
            foreach (var edit in plan.Files)
            {
                Assert.Contains(tree[edit.Path], new[] { Latin1(edit.Before!.Value), Latin1(edit.After!.Value) });
            }

            tree.Revert();
            Assert.Equal(before, tree.Everything());
        }

        // Each file, its backup and the journal's entry: written, synced, renamed, and the directory synced.
        Assert.True(killed >= 2 * plan.Files.Count, $"killed {killed} times");
        Assert.True(tree.Plan("intel_iommu=on").IsEmpty);
        Assert.DoesNotContain(tree.Everything().Keys, path => path.Contains(".passthrough.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_read_only_file_system_is_named_and_nothing_changes()
    {
        Prerequisite.Root();
        using var tree = Distributions.Make("debian");
        var content = tree[Grub];
        var home = tree.Root + "/etc/default";
        Assert.SkipUnless((await Run("mount", "-t", "tmpfs", "tmpfs", home)).Code == 0, "a tmpfs cannot be mounted here");
        try
        {
            tree[Grub] = content;
            await Run("mount", "-o", "remount,ro", home);
            var refused = Assert.IsType<HostFileException>(Assert.Throws<PlanFailedException>(() => tree.Plan("intel_iommu=on").Apply()).InnerException);
            Assert.Equal((Grub, 30), (refused.Path, refused.ErrorNumber));
            Assert.Contains("read-write", refused.Message, StringComparison.Ordinal);
            Assert.Equal(content, tree[Grub]);
            Assert.Null(tree.Revert());
        }
        finally
        {
            await Run("umount", home);
        }
    }

    [Fact]
    public async Task Without_permission_one_line_says_so_and_nothing_changes()
    {
        Prerequisite.Root();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tree = Distributions.Make("debian");
        File.SetUnixFileMode(tree.Root, (UnixFileMode)0b111_101_101);
        var before = tree.Everything();
        var folder = CopyForEverybody();
        string[] nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(folder, Path.GetFileName(Program))];
        var help = await Run("setpriv", [.. nobody, "--help"]);
        if (help.Code != 0)
        {
            Assert.Skip($"an ordinary user cannot run .NET here (exit code {help.Code}): {help.Errors}");
        }

        var run = await Run("setpriv", [.. nobody, "boot", "apply", "--add", "intel_iommu=on", "--root", tree.Root]);
        Directory.Delete(folder, recursive: true);
        Assert.True(run.Code == 3, $"exit code {run.Code}: {run.Errors}");
        Assert.Equal(1, run.Errors.Count(c => c == '\n'));
        Assert.Contains("root", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, tree.Everything());
    }

    private static string Program => CommandLineRun.Program;

    // The checkout may lie where an ordinary user cannot enter.
    private static string CopyForEverybody()
    {
        const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var source = Path.GetDirectoryName(Program)!;
        var folder = Directory.CreateTempSubdirectory("passthrough-program-").FullName;
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var path in Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, ForAll);
            }
        }

        return folder;
    }

    private static string Latin1(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes.Span);

    private static async Task<(int Code, string Errors)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return (process.ExitCode, errors);
    }
}
