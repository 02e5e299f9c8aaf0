using System.Diagnostics;
using Passthrough.Sdk.Boot;
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
        using BootTree tree = Distributions.Make("arch-systemd-boot").With("/etc/kernel/cmdline", "root=PARTUUID=2 rw\n");
        SortedDictionary<string, string> before = tree.Everything();
        BootPlan plan = tree.Plan("intel_iommu=on");
        int killed = 0;
        for (int step = 1; ; step++)
        {
            var run = await Run("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=rename,fsync", "-e", $"inject=rename,fsync:signal=SIGKILL:when={step}",
                Program, "boot", "apply", "--add", "intel_iommu=on", "--root", tree.Root);
            Assert.SkipWhen(run.Errors.Contains("PTRACE", StringComparison.Ordinal), "programs may not be traced here");
            if (run.Code == 0)
                break;
            killed++;
            Assert.Equal(137, run.Code);
            foreach (BootFileEdit edit in plan.Files)
                Assert.Contains(tree[edit.Path], new[] { Latin1(edit.Before!.Value), Latin1(edit.After) });
            BootConfiguration.Revert(tree.Root);
            Assert.Equal(before, tree.Everything());
        }

        // Each file, its backup and the journal's entry: written, synced, renamed, and the directory synced.
        Assert.True(killed >= 2 * plan.Files.Length, $"killed {killed} times");
        Assert.True(tree.Plan("intel_iommu=on").IsEmpty);
        Assert.DoesNotContain(tree.Everything().Keys, path => path.Contains(".passthrough.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_read_only_file_system_is_named_and_nothing_changes()
    {
        Prerequisite.Root();
        using BootTree tree = Distributions.Make("debian");
        string content = tree[Grub];
        string home = tree.Root + "/etc/default";
        Assert.SkipUnless((await Run("mount", "-t", "tmpfs", "tmpfs", home)).Code == 0, "a tmpfs cannot be mounted here");
        try
        {
            tree[Grub] = content;
            await Run("mount", "-o", "remount,ro", home);
            BootFileException refused = Assert.Throws<BootFileException>(() => tree.Plan("intel_iommu=on").Apply());
            Assert.Equal((Grub, 30), (refused.Path, refused.ErrorNumber));
            Assert.Contains("read-write", refused.Message, StringComparison.Ordinal);
            Assert.Equal(content, tree[Grub]);
            Assert.Null(BootConfiguration.Revert(tree.Root));
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
            return;
        using BootTree tree = Distributions.Make("debian");
        File.SetUnixFileMode(tree.Root, (UnixFileMode)0b111_101_101);
        SortedDictionary<string, string> before = tree.Everything();
        var run = await Run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Program, "boot", "apply", "--add", "intel_iommu=on", "--root", tree.Root);
        Assert.True(run.Code == 3, $"exit code {run.Code}: {run.Errors}");
        Assert.Equal(1, run.Errors.Count(c => c == '\n'));
        Assert.Contains("root", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, tree.Everything());
    }

    private static string Program => CommandLineRun.Program;

    private static string Latin1(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.Latin1.GetString(bytes.Span);

    private static async Task<(int Code, string Errors)> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return (process.ExitCode, errors);
    }
}
