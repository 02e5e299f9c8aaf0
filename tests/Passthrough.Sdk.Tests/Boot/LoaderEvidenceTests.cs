using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>Which loader started a host: what the running kernel shows decides, and not what lies in /etc.</summary>
public sealed class LoaderEvidenceTests
{
    private const string CommandLine = "/proc/cmdline";
    private const string Grub = "/etc/default/grub";
    private const string LoaderInfo = "LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    private const string SelectedEntry = "LoaderEntrySelected-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    private const string StubInfo = "StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    private const string Variables = "/sys/firmware/efi/efivars/";

    [Theory]
    [InlineData("BOOT_IMAGE=(hd0,gpt2)/vmlinuz-6.9 root=UUID=1 ro", null, null, BootLoaderKind.Grub)]
    [InlineData("BOOT_IMAGE=/boot/vmlinuz-6.9 root=UUID=1 ro", null, null, BootLoaderKind.Grub)]
    [InlineData("root=UUID=1 rw quiet", null, null, BootLoaderKind.Limine)]
    [InlineData("root=UUID=1 rw quiet", "Limine 12.9.0", null, BootLoaderKind.Limine)]
    [InlineData("root=UUID=7 ro", "Limine 12.9.0", null, BootLoaderKind.Limine)]
    [InlineData("root=UUID=7 ro", null, @"\EFI\limine\limine_x64.efi", BootLoaderKind.Limine)]
    [InlineData("BOOT_IMAGE=/vmlinuz root=UUID=7 ro", "GRUB 2.12", @"\EFI\arch\grubx64.efi", BootLoaderKind.Grub)]
    [InlineData("BOOT_IMAGE=/vmlinuz root=UUID=7 ro", null, @"\EFI\refind\refind_x64.efi", BootLoaderKind.Grub)]
    [InlineData("BOOT_IMAGE=/vmlinuz root=UUID=7 ro", "systemd-boot 254", null, BootLoaderKind.Unknown)]
    [InlineData("root=UUID=7 ro", "systemd-boot 254", null, BootLoaderKind.Unknown)]
    [InlineData("root=UUID=7 ro", "rEFInd 0.14.2", null, BootLoaderKind.Unknown)]
    [InlineData("root=UUID=7 ro", "Clover r5150", null, BootLoaderKind.Unknown)]
    [InlineData("root=UUID=7 ro", null, null, BootLoaderKind.Unknown)]
    [InlineData(@"root=UUID=7 ro initrd=\initramfs.img", null, null, BootLoaderKind.Unknown)]
    [InlineData(null, null, null, BootLoaderKind.Unknown)]
    public void Between_GRUB_and_Limine_the_running_kernel_decides(string? running, string? loader, string? file, BootLoaderKind expected)
    {
        using var tree = Distributions.Make("debian")
            .With("/boot/EFI/limine/limine.conf", "/Arch\n  protocol: linux\n  cmdline: root=UUID=1 rw quiet\n");
        Show(tree, running, loader, file);
        var configuration = tree.Detect();
        Assert.Equal(expected, configuration.Loader);
        if (expected == BootLoaderKind.Unknown)
        {
            var refusal = Assert.Throws<BootException>(() => tree.Plan("intel_iommu=on")).Message;
            Assert.All(["/etc/default/grub", "update-grub", "/boot/EFI/limine/limine.conf"], word => Assert.Contains(word, refusal, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("quiet splash rw root=UUID=1", null)]
    [InlineData("quiet splash rw root=UUID=1 more", "rEFInd 0.14.2")]
    [InlineData(@"quiet rw root=UUID=1 initrd=\initramfs-linux.img", null)]
    public void GRUBs_settings_that_outlived_it_are_not_edited(string running, string? loader)
    {
        using var tree = new BootTree().With("/etc/os-release", "ID=arch\n").With(Grub, "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n");
        Show(tree, running, loader, null);
        Assert.Equal(BootLoaderKind.Unknown, tree.Detect().Loader);
        Assert.Throws<BootException>(() => tree.Plan("intel_iommu=on"));
        Assert.Contains(tree.Detect().Evidence, e => e.IsKnown && e.Value!.Contains("not", StringComparison.Ordinal));
    }

    [Fact]
    public void GRUB_alone_with_its_menu_stays_in_charge_and_what_speaks_against_it_is_kept()
    {
        using var tree = Distributions.Make("debian").With(CommandLine, "quiet ro\n");
        Assert.Equal(BootLoaderKind.Grub, tree.Detect().Loader);
        Assert.Contains(tree.Detect().Evidence, e => e is { Source: CommandLine, Value: "no BOOT_IMAGE=: does not indicate GRUB" });
    }

    [Fact]
    public void Under_Xen_a_missing_BOOT_IMAGE_says_nothing()
    {
        using var tree = new BootTree().With(Grub, "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n").With(CommandLine, "placeholder root=/dev/sda1 ro quiet\n").With("/sys/hypervisor/type", "xen\n");
        Assert.Equal(BootLoaderKind.Grub, tree.Detect().Loader);
    }

    [Fact]
    public void Variables_that_cannot_be_read_are_unknown_and_not_absent()
    {
        using var tree = Distributions.Make("debian");
        Directory.CreateDirectory(tree.Root + Variables);
        Fact<string>[] unknown = [.. tree.Detect().Evidence.Where(e => e.IsUnknown)];
        Assert.Contains(unknown, e => e.Source.EndsWith(LoaderInfo, StringComparison.Ordinal) && e.Reason == "efivarfs is not mounted");
        Assert.Equal(BootLoaderKind.Grub, tree.Detect().Loader);
        Variable(tree, LoaderInfo, "x");
        File.WriteAllBytes(tree.Root + Variables + LoaderInfo, [6, 0]);
        Assert.Contains(tree.Detect().Evidence, e => e.IsUnknown && e.Reason == "the variable is shorter than its attributes");
    }

    [Fact]
    public void A_loader_that_names_itself_and_left_no_file_is_named_with_its_way()
    {
        using BootTree tree = new();
        Show(tree, "quiet", "Limine 9.3.0", null);
        Assert.Contains("limine-update", Assert.Throws<BootException>(() => tree.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
        using BootTree stub = new();
        Show(stub, "quiet", null, @"\vmlinuz-linux");
        Assert.Contains("efibootmgr", Assert.Throws<BootException>(() => stub.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GRUB_with_entries_and_without_settings_is_GRUB()
    {
        using var tree = new BootTree().With("/boot/grub2/grub.cfg", "insmod blscfg\nblscfg\n").With(CommandLine, "BOOT_IMAGE=(hd0,gpt3)/vmlinuz-6.1 quiet\n")
            .With("/boot/loader/entries/a.conf", "title A\nversion 6.1\nlinux /vmlinuz-6.1\noptions quiet\noptions nosmt\n");
        Assert.Equal(BootLoaderKind.GrubEntries, tree.Detect().Loader);
        tree.Plan("iommu=pt").Apply();
        Assert.EndsWith("options quiet iommu=pt\noptions nosmt\n", tree["/boot/loader/entries/a.conf"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_captured_host_keeps_what_started_it_and_no_disk_of_the_firmwares_entry()
    {
        const string Secret = "S4XBNF0M";
        using var tree = Distributions.Make("cachyos-limine");
        Show(tree, "quiet", null, @"\EFI\limine\limine_x64.efi");
        var entry = Variables + "Boot001A-8be4df61-93ca-11d2-aa0d-00e098032b8c";
        // A disk's node before the file's, and a description with a serial number.
        tree[entry] = tree[entry].Replace(Wide("Linux\0"), Wide(Secret + "\0") + "\u0004\u0001\u000c\0" + Secret, StringComparison.Ordinal) + Wide(Secret);
        var archive = tree.Root + "/host.tar.gz";
        using (var stream = File.Create(archive))
        {
            PassthroughHost.At(tree.Root).CaptureTo(stream);
        }

        Assert.Contains(PassthroughHost.At(archive).Capture().System.Boot.Evidence,
            e => e.Source == entry && e.Value == @"\EFI\limine\limine_x64.efi: indicates Limine");
        using var unpacked = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(File.OpenRead(archive), System.IO.Compression.CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        var all = System.Text.Encoding.Latin1.GetString(unpacked.ToArray());
        Assert.DoesNotContain(Secret, all, StringComparison.Ordinal);
        Assert.DoesNotContain(Wide(Secret), all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root=UUID=7 ro", null, "arch.conf", BootLoaderKind.SystemdBoot)]
    [InlineData("root=UUID=7 ro", null, "Arch", BootLoaderKind.SystemdBoot)]
    [InlineData("root=UUID=7 ro", "systemd-boot 255", "arch.conf", BootLoaderKind.SystemdBoot)]
    [InlineData("root=UUID=7 ro", null, "another.conf", BootLoaderKind.Unknown)]
    [InlineData("root=UUID=7 ro", null, null, BootLoaderKind.Unknown)]
    [InlineData("root=UUID=7 ro", "Limine 9.3.0", "arch.conf", BootLoaderKind.Limine)]
    [InlineData("BOOT_IMAGE=(hd0,gpt2)/vmlinuz root=UUID=7 ro", null, "arch.conf", BootLoaderKind.Grub)]
    public void The_entry_that_started_the_host_speaks_for_the_loader_whose_file_it_is(string running, string? loader, string? entry, BootLoaderKind expected)
    {
        using var tree = Distributions.Make("debian")
            .With("/boot/EFI/limine/limine.conf", "/Arch\n  protocol: linux\n  cmdline: root=UUID=1 rw quiet\n")
            .With("/boot/loader/loader.conf", "timeout 3\n")
            .With("/boot/loader/entries/arch.conf", "title Arch\nlinux /vmlinuz-linux\noptions root=UUID=2 rw\n");
        Show(tree, running, loader, null);
        if (entry is not null)
        {
            Variable(tree, SelectedEntry, entry);
        }

        var configuration = tree.Detect();
        Assert.Equal(expected, configuration.Loader);
        Assert.Equal(entry is not null, configuration.Evidence.Any(e => e.Source == Variables + SelectedEntry && e.Value!.StartsWith(entry!, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_entry_that_is_a_unified_image_is_not_GRUBs()
    {
        using var tree = Distributions.Make("debian");
        Variable(tree, SelectedEntry, "debian-6.1.0.efi");
        Assert.Equal(BootLoaderKind.Unknown, tree.Detect().Loader);
    }

    /// <summary>Whoever copies /proc/cmdline into a loader's file makes the two alike: only a file that is older than the boot can have caused it.</summary>
    [Theory]
    [InlineData(-60, BootLoaderKind.Limine)]
    [InlineData(60, BootLoaderKind.Unknown)]
    public void A_file_that_was_written_after_the_boot_did_not_start_it(int seconds, BootLoaderKind expected)
    {
        const string Menu = "/boot/EFI/limine/limine.conf";
        using var tree = Distributions.Make("debian").With(Menu, "/Arch\n  protocol: linux\n  cmdline: root=UUID=1 rw quiet\n")
            .With("/proc/stat", "cpu  1 2 3 4\nbtime 1700000000\nprocesses 9\n");
        Show(tree, "root=UUID=1 rw quiet", null, null);
        File.SetLastWriteTimeUtc(tree.Root + Menu, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + seconds).UtcDateTime);
        var configuration = tree.Detect();
        Assert.Equal(expected, configuration.Loader);
        Assert.Equal(seconds > 0, configuration.Evidence.Any(e => e is { Source: Menu, Value: "is the running command line, but was written after this boot: does not show which loader started it" }));
    }

    [Theory]
    [InlineData("cpu  1 2 3 4\n")]
    [InlineData("btime later\n")]
    [InlineData("")]
    public void Where_the_time_of_the_boot_is_not_known_the_times_of_files_say_nothing(string stat)
    {
        using var tree = Distributions.Make("debian").With("/boot/EFI/limine/limine.conf", "/Arch\n  protocol: linux\n  cmdline: root=UUID=1 rw quiet\n").With("/proc/stat", stat);
        Show(tree, "root=UUID=1 rw quiet", null, null);
        Assert.Equal(BootLoaderKind.Limine, tree.Detect().Loader);
    }

    [Fact]
    public void A_kernel_from_a_unified_image_is_not_GRUBs()
    {
        using var tree = Distributions.Make("debian");
        Variable(tree, StubInfo, "systemd-stub 255");
        Assert.Equal(BootLoaderKind.Unknown, tree.Detect().Loader);
    }

    [Theory]
    [InlineData("ID=nixos\n", "", "boot.kernelParams")]
    [InlineData("ID=guix\n", "", "kernel-arguments")]
    [InlineData("ID=steamos\nID_LIKE=arch\n", Grub, "steamos-readonly")]
    [InlineData("ID=vanilla\n", Grub, "abroot kargs")]
    [InlineData("ID=talos\n", "", "extraKernelArgs")]
    [InlineData("ID=bottlerocket\n", "", "settings.boot")]
    [InlineData("ID=fedora\n", "/usr/lib/bootc/kargs.d/00-x.toml", "bootc/kargs.d")]
    [InlineData("ID=chromeos\n", "", "make_dev_ssd")]
    [InlineData("ID=endless\n", "", "ostree admin kargs")]
    [InlineData("ID=debian\n", "/usr/bin/midclt", "system.advanced.update")]
    public void A_system_from_an_image_is_refused_by_name_with_its_own_way(string release, string file, string way)
    {
        using var tree = new BootTree().With("/etc/os-release", release);
        if (file.Length > 0)
        {
            tree.With(file, "GRUB_CMDLINE_LINUX=\"\"\n");
        }

        Assert.Equal(BootLoaderKind.Declarative, tree.Detect().Loader);
        Assert.Contains(way, Assert.Throws<BootException>(() => tree.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_the_command_line_names_is_refused_by_name()
    {
        using var tree = Distributions.Make("debian").With(CommandLine, "BOOT_IMAGE=(loop0)/boot/vmlinuz root=LABEL=COS_ACTIVE quiet\n");
        Assert.Contains("extra_cmdline", Assert.Throws<BootException>(() => tree.Plan("iommu=pt")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_rpm_ostree_a_bootc_host_takes_its_parameters_from_there()
    {
        using var tree = Distributions.Make("silverblue").With("/usr/bin/bootc");
        Assert.Equal(BootLoaderKind.RpmOstree, tree.Detect().Loader);
    }

    [Theory]
    [InlineData("KERNEL_CMDLINE[default]=\"quiet $EXTRA\"\n", "line 1")]
    [InlineData("KERNEL_CMDLINE[default]=\"quiet \\\n", "line 1")]
    [InlineData("KERNEL_CMDLINE+=([default]=\"quiet\")\n", "line 1")]
    [InlineData("ESP_PATH=/boot\n", "KERNEL_CMDLINE[default]")]
    public void Limine_settings_that_are_not_plain_are_refused(string settings, string reason)
    {
        using var tree = new BootTree().With("/etc/default/limine", settings);
        Assert.Equal(BootLoaderKind.Limine, tree.Detect().Loader);
        var refusal = Assert.ThrowsAny<BootException>(() => tree.Plan("intel_iommu=on")).Message;
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.Contains("/etc/default/limine", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Limines_later_files_replace_and_add_to_the_earlier_ones_and_fallback_stays()
    {
        using var tree = new BootTree().With("/etc/limine-entry-tool.conf", "KERNEL_CMDLINE[default]=\"intel_iommu=off old\"\n")
            .With("/etc/limine-entry-tool.d/a.conf", "KERNEL_CMDLINE[\"default\"]=\"quiet iommu=off\"\nKERNEL_CMDLINE[fallback]=\"iommu=off\"\n")
            .With("/etc/default/limine", "KERNEL_CMDLINE[default]+= 'splash'\nKERNEL_CMDLINE[lts]=\"iommu=off rw\"\n");
        Assert.Equal("quiet iommu=off splash", tree.Detect().Configured.Value);
        tree.Plan("-iommu=off", "intel_iommu=on").Apply();
        Assert.Equal("KERNEL_CMDLINE[\"default\"]=\"quiet\"\nKERNEL_CMDLINE[fallback]=\"iommu=off\"\n", tree["/etc/limine-entry-tool.d/a.conf"]);
        Assert.Equal("KERNEL_CMDLINE[default]+= 'splash intel_iommu=on'\nKERNEL_CMDLINE[lts]=\"rw intel_iommu=on\"\n", tree["/etc/default/limine"]);
        Assert.Equal("KERNEL_CMDLINE[default]=\"intel_iommu=off old\"\n", tree["/etc/limine-entry-tool.conf"]);
    }

    [Theory]
    [InlineData("/Arch\n  protocol: linux\n  cmdline: quiet ${MORE}\n", "line 3")]
    [InlineData("/Arch\n  protocol: linux\n  cmdline: quiet\n  kernel_cmdline: splash\n", "line 4")]
    [InlineData("/Arch\n  protocol: linux\n", "no entry has a cmdline")]
    [InlineData("/Arch\n ### auto-generated by limine-entry-tool\n  protocol: linux\n  cmdline: quiet\n", "KERNEL_CMDLINE[default]")]
    public void A_limine_menu_that_is_not_plain_is_refused(string menu, string reason)
    {
        using var tree = new BootTree().With("/boot/limine.conf", menu);
        Assert.Contains(reason, Assert.ThrowsAny<BootException>(() => tree.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limine_that_checks_its_menu_is_not_given_another_one()
    {
        using var tree = Distributions.Make("limine-by-hand");
        tree["/boot/EFI/limine/limine_x64.efi"] = "MZ++CONFIG_B2SUM_SIGNATURE++" + new string('0', 128);
        Assert.NotEmpty(tree.Plan("intel_iommu=on").Files);
        tree["/boot/EFI/limine/limine_x64.efi"] = "MZ++CONFIG_B2SUM_SIGNATURE++" + new string('0', 120) + "deadbeef";
        Assert.Contains("enroll-config", Assert.Throws<BootException>(() => tree.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Boot\" root=UUID=1 rw\n", "line 1")]
    [InlineData("# nothing\n", "no line")]
    [InlineData("\"Boot\" \"quiet\n", "line 1")]
    public void A_file_of_rEFInd_that_is_not_plain_is_refused(string content, string reason)
    {
        using var tree = new BootTree().With("/boot/refind_linux.conf", content);
        Assert.Contains(reason, Assert.ThrowsAny<BootException>(() => tree.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Doubled_quotes_of_rEFInd_stay_what_they_are()
    {
        using var tree = new BootTree().With("/boot/refind_linux.conf", "\"Boot\" \"quiet dyndbg=\"\"file a +p\"\"\" # why\n");
        Assert.Equal("quiet dyndbg=\"file a +p\"", tree.Detect().Configured.Value);
        tree.Plan("iommu=pt").Apply();
        Assert.Equal("\"Boot\" \"quiet dyndbg=\"\"file a +p\"\" iommu=pt\" # why\n", tree["/boot/refind_linux.conf"]);
    }

    private static void Show(BootTree tree, string? running, string? loader, string? file)
    {
        if (running is not null)
        {
            tree[CommandLine] = running + "\n";
        }

        if (loader is not null)
        {
            Variable(tree, LoaderInfo, loader);
        }

        if (file is not null)
        {
            const string Global = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
            tree[$"{Variables}BootCurrent-{Global}"] = "\u0006\0\0\0\u001a\0";
            var path = Wide(file + "\0");
            var node = $"\u0004\u0004{(char)((path.Length + 4) & 0xff)}{(char)((path.Length + 4) >> 8)}{path}";
            tree[$"{Variables}Boot001A-{Global}"] = "\u0007\0\0\0" + "\u0001\0\0\0" + $"{(char)(node.Length + 4)}\0" + Wide("Linux\0") + node + "\u007f\u00ff\u0004\0";
        }
    }

    private static void Variable(BootTree tree, string name, string text) => tree[Variables + name] = "\u0006\0\0\0" + Wide(text + "\0");

    private static string Wide(string text) => string.Concat(text.Select(c => $"{c}\0"));
}
