using System.Diagnostics;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Tests.Boot;

public sealed class BootApplyTests
{
    private const string Grub = "/etc/default/grub";

    [Fact]
    public void A_link_stays_a_link_and_what_it_leads_to_is_edited()
    {
        using var tree = Distributions.Make("debian");
        var content = tree[Grub];
        File.Delete(tree.Root + Grub);
        tree.With("/srv/settings/grub", content).Link(Grub, "/srv/settings/grub");
        var before = tree.Everything();
        tree.Plan("intel_iommu=on").Apply();
        Assert.Equal("/srv/settings/grub", new FileInfo(tree.Root + Grub).LinkTarget);
        Assert.Contains("intel_iommu=on", tree["/srv/settings/grub"], StringComparison.Ordinal);
        tree.Revert();
        Assert.Equal(before, tree.Everything());
    }

    [Fact]
    public void Mode_and_owner_stay_also_of_a_read_only_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Linux's");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tree = Distributions.Make("debian");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead;
        File.SetUnixFileMode(tree.Root + Grub, Mode);
        tree.Plan("intel_iommu=on").Apply();
        Assert.Equal(Mode, File.GetUnixFileMode(tree.Root + Grub));
        tree.Revert();
        Assert.Equal(Mode, File.GetUnixFileMode(tree.Root + Grub));
    }

    [Fact]
    public void A_change_between_plan_and_apply_is_noticed_and_nothing_is_written()
    {
        using var tree = Distributions.Make("fedora");
        var plan = tree.Plan("intel_iommu=on");
        tree["/etc/kernel/cmdline"] += "# mine\n";
        var before = tree.Everything();
        Assert.Contains("/etc/kernel/cmdline", Assert.Throws<StalePlanException>(() => plan.Apply()).Message, StringComparison.Ordinal);
        Assert.Equal(before, tree.Everything());
    }

    [Fact]
    public void A_change_after_apply_is_noticed_by_revert_and_nothing_is_written()
    {
        using var tree = Distributions.Make("fedora");
        tree.Plan("intel_iommu=on").Apply();
        tree[Grub] += "# mine\n";
        var before = tree.Everything();
        Assert.Equal(Grub, Assert.Throws<BootConflictException>(() => tree.Revert()).Path);
        Assert.Equal(before, tree.Everything());
    }

    [Fact]
    public void Changes_are_undone_one_by_one_the_latest_first()
    {
        using var tree = Distributions.Make("debian");
        var first = tree.Everything();
        tree.Plan("intel_iommu=on").Apply();
        var second = tree.Everything();
        tree.Plan("iommu=pt").Apply();
        tree.Revert();
        Assert.Equal(second, tree.Everything());
        tree.Revert();
        Assert.Equal(first, tree.Everything());
    }

    [Fact]
    public void A_failure_half_way_puts_back_what_was_written()
    {
        using var tree = Distributions.Make("fedora");
        var before = tree.Everything();
        var plan = tree.Plan("intel_iommu=on");
        // The last file of the plan moves behind a name too long for a temporary file beside it.
        var last = plan.Files[^1].Path;
        string name = new('x', 250);
        File.Move(tree.Root + last, tree.Root + "/etc/" + name);
        tree.Link(last, "/etc/" + name);
        var failure = Assert.Throws<PlanFailedException>(() => plan.Apply());
        Assert.Empty(failure.NotUndone);
        Assert.Equal(last, Assert.IsType<HostFileException>(failure.InnerException).Path);
        File.Delete(tree.Root + last);
        File.Move(tree.Root + "/etc/" + name, tree.Root + last);
        Assert.Equal(before, tree.Everything());
        Assert.Null(tree.Revert());
    }

    [Fact]
    public void A_full_file_system_leaves_the_file_as_it_was()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small tmpfs takes root");
        var mount = Directory.CreateTempSubdirectory("boot-full").FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount) == 0, "a tmpfs cannot be mounted here");
        try
        {
            using var tree = Distributions.Make("debian");
            var content = tree[Grub];
            File.Delete(tree.Root + Grub);
            Directory.Delete(tree.Root + "/etc/default");
            Directory.CreateSymbolicLink(tree.Root + "/etc/default", "/full");
            Directory.CreateDirectory(tree.Root + "/full");
            Assert.SkipUnless(Run("mount", "--bind", mount, tree.Root + "/full") == 0, "a bind mount cannot be made here");
            try
            {
                tree["/full/grub"] = content;
                var plan = tree.Plan("intel_iommu=on");
                Fill(tree.Root + "/full/filler");
                var failure = Assert.Throws<PlanFailedException>(() => plan.Apply());
                Assert.Equal(28, Assert.IsType<HostFileException>(failure.InnerException).ErrorNumber);
                Assert.Equal(content, tree["/full/grub"]);
                Assert.Equal(["filler", "grub"], Directory.EnumerateFiles(mount).Select(f => Path.GetFileName(f)).Order());
            }
            finally
            {
                Run("umount", tree.Root + "/full");
            }
        }
        finally
        {
            Run("umount", mount);
            Directory.Delete(mount);
        }
    }

    [Fact]
    public void The_diff_is_one_that_patch_takes()
    {
        using var tree = Distributions.Make("fedora");
        tree["/etc/kernel/cmdline"] = "root=UUID=1 ro";
        var plan = tree.Plan("intel_iommu=on");
        var diff = string.Concat(plan.Files.Select(f => f.Diff));
        File.WriteAllText(tree.Root + "/change.diff", diff);
        Assert.SkipUnless(Run("git", "-C", tree.Root, "apply", "-p1", "--unsafe-paths", "change.diff") == 0, "git is not here to apply the diff");
        foreach (var edit in plan.Files)
        {
            Assert.Equal(edit.After!.Value.ToArray(), File.ReadAllBytes(tree.Root + edit.Path));
        }
    }

    [Fact]
    public void Two_loaders_without_a_sign_which_one_ran_are_not_edited()
    {
        using var tree = Distributions.Make("debian");
        tree.With("/boot/efi/loader/loader.conf", "timeout 3\n").With("/boot/efi/EFI/systemd/systemd-bootx64.efi");
        Assert.Equal(BootLoaderKind.Unknown, tree.Detect().Loader);
        Assert.Contains("not certain which boot loader", Assert.Throws<BootException>(() => tree.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
        tree["/proc/cmdline"] = "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet\n";
        Assert.Equal(BootLoaderKind.Grub, tree.Detect().Loader);
        tree["/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"] = "\u0006\0\0\0" + string.Concat("systemd-boot 254".Select(c => $"{c}\0"));
        Assert.Equal(BootLoaderKind.Unknown, tree.Detect().Loader);
        tree["/proc/cmdline"] = "root=/dev/sda1 ro quiet\n";
        Assert.Equal(BootLoaderKind.SystemdBoot, tree.Detect().Loader);
    }

    [Fact]
    public void Every_running_parameter_is_shown_with_its_state_and_its_origin()
    {
        using var tree = Distributions.Make("debian");
        tree["/proc/cmdline"] = "BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet iommu=pt rootfstype=ext4 rootflags=a\n";
        tree[Grub] = tree[Grub].Replace("quiet", "quiet nosmt", StringComparison.Ordinal);
        Assert.Equal(
        [
            "quiet RunningAndConfigured GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub",
            "nosmt ConfiguredOnly GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub",
            "BOOT_IMAGE=/vmlinuz RunningAndConfigured GRUB adds it at each boot",
            "root=/dev/sda1 RunningAndConfigured grub-mkconfig writes it into /boot/grub/grub.cfg",
            "ro RunningAndConfigured grub-mkconfig writes it into /boot/grub/grub.cfg",
            "iommu=pt RunningOnly ",
            "rootfstype=ext4 RunningOnly ",
            "rootflags=a Unknown ",
        ],
            tree.Detect().Parameters.Select(p => $"{p.Parameter} {p.State} {p.Origin}"));
        File.Delete(tree.Root + "/proc/cmdline");
        Assert.All(tree.Detect().Parameters, p => Assert.Equal(BootParameterState.Unknown, p.State));
    }

    [Fact]
    public void Making_the_menu_anew_leaves_nothing_to_undo()
    {
        using var tree = Distributions.Make("debian");
        var before = tree.Everything();
        tree.Plan("intel_iommu=on").Apply();
        Assert.Empty(tree.Plan("intel_iommu=on").Apply()!.Files);
        tree.Revert();
        Assert.Equal(before, tree.Everything());
    }

    [Fact]
    public void An_edited_file_without_its_menu_still_owes_the_command()
    {
        using var tree = Distributions.Make("debian");
        tree[Grub] = tree[Grub].Replace("quiet", "quiet intel_iommu=on", StringComparison.Ordinal);
        var plan = tree.Plan("intel_iommu=on");
        Assert.Empty(plan.Files);
        Assert.Equal("update-grub", Assert.Single(plan.Commands).ToString());
        tree["/boot/grub/grub.cfg"] = tree["/boot/grub/grub.cfg"].Replace(" ro", " ro quiet intel_iommu=on", StringComparison.Ordinal);
        Assert.True(tree.Plan("intel_iommu=on").IsEmpty);
    }

    private static void Fill(string path)
    {
        try
        {
            using var filler = File.Create(path);
            var block = new byte[4096];
            for (var i = 0; i < 64; i++)
            {
                filler.Write(block);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // full: that is what was wanted
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
