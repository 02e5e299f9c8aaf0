using Passthrough.Sdk.Boot;

namespace Passthrough.Sdk.Tests.Boot;

public sealed class DistributionTests
{
    public static TheoryData<string> Every => [.. Distributions.Names.Where(name => !Distributions.Refused.ContainsKey(name))];

    public static TheoryData<string> Refused => [.. Distributions.Refused.Keys];

    [Theory]
    [InlineData("debian", BootLoaderKind.Grub, "update-grub")]
    [InlineData("ubuntu-cloud", BootLoaderKind.Grub, "update-grub")]
    [InlineData("ubuntu-added", BootLoaderKind.Grub, "update-grub")]
    [InlineData("fedora", BootLoaderKind.GrubEntries, "")]
    [InlineData("rhel8", BootLoaderKind.GrubEntries, "")]
    [InlineData("opensuse", BootLoaderKind.Grub, "grub2-mkconfig -o /boot/grub2/grub.cfg")]
    [InlineData("arch-grub", BootLoaderKind.Grub, "grub-mkconfig -o /boot/grub/grub.cfg")]
    [InlineData("arch-systemd-boot", BootLoaderKind.SystemdBoot, "")]
    [InlineData("arch-uki", BootLoaderKind.SystemdBoot, "mkinitcpio -P")]
    [InlineData("proxmox-zfs", BootLoaderKind.ProxmoxBootTool, "proxmox-boot-tool refresh")]
    [InlineData("proxmox-zfs-legacy", BootLoaderKind.ProxmoxBootTool, "proxmox-boot-tool refresh")]
    [InlineData("proxmox-lvm", BootLoaderKind.Grub, "update-grub")]
    [InlineData("pop-os", BootLoaderKind.Kernelstub, "kernelstub")]
    [InlineData("silverblue", BootLoaderKind.RpmOstree, "rpm-ostree kargs --append-if-missing=intel_iommu=on")]
    [InlineData("raspberry-pi", BootLoaderKind.RaspberryPi, "")]
    [InlineData("extlinux", BootLoaderKind.Extlinux, "")]
    [InlineData("debian-u-boot", BootLoaderKind.Extlinux, "u-boot-update")]
    [InlineData("alpine", BootLoaderKind.Extlinux, "update-extlinux")]
    [InlineData("rhel9", BootLoaderKind.GrubEntries, "")]
    [InlineData("opensuse-systemd-boot", BootLoaderKind.SystemdBoot, "")]
    [InlineData("gentoo", BootLoaderKind.Grub, "grub-mkconfig -o /boot/grub/grub.cfg")]
    [InlineData("void", BootLoaderKind.Grub, "update-grub")]
    [InlineData("alpine-grub", BootLoaderKind.Grub, "grub-mkconfig -o /boot/grub/grub.cfg")]
    [InlineData("debian-xen", BootLoaderKind.Grub, "update-grub")]
    [InlineData("arch-uki-pieces", BootLoaderKind.SystemdBoot, "mkinitcpio -P")]
    [InlineData("cachyos-limine", BootLoaderKind.Limine, "limine-mkinitcpio")]
    [InlineData("omarchy-limine", BootLoaderKind.Limine, "limine-update")]
    [InlineData("limine-by-hand", BootLoaderKind.Limine, "")]
    [InlineData("limine-old", BootLoaderKind.Limine, "")]
    [InlineData("refind", BootLoaderKind.Refind, "")]
    [InlineData("refind-stanza", BootLoaderKind.Refind, "")]
    public void The_loader_in_charge_is_found_and_its_command_follows(string name, BootLoaderKind loader, string command)
    {
        using var tree = Distributions.Make(name);
        var configuration = tree.Detect();
        Assert.Equal(loader, configuration.Loader);
        Assert.NotEmpty(configuration.Evidence);
        var plan = tree.Plan("intel_iommu=on");
        Assert.Equal(command, string.Join("; ", plan.Commands));
    }

    [Theory]
    [InlineData("debian", "/etc/default/grub", "\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n")]
    [InlineData("ubuntu-cloud", "/etc/default/grub.d/50-cloudimg-settings.cfg", "=\"console=tty1 console=ttyS0 intel_iommu=on\"\n")]
    [InlineData("ubuntu-added", "/etc/default/grub", "\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n")]
    [InlineData("fedora", "/boot/loader/entries/aa-6.10.3-1.fc40.x86_64.conf", "options root=UUID=1 ro rhgb quiet  intel_iommu=on\n")]
    [InlineData("fedora", "/boot/loader/entries/aa-6.9.1-1.fc40.x86_64.conf", "options root=UUID=1 ro rhgb quiet intel_iommu=on\n")]
    [InlineData("fedora", "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"rhgb quiet intel_iommu=on\"\n")]
    [InlineData("fedora", "/etc/kernel/cmdline", "root=UUID=1 ro rhgb quiet intel_iommu=on\n")]
    [InlineData("rhel8", "/boot/grub2/grubenv", "kernelopts=root=/dev/mapper/rhel-root ro quiet  intel_iommu=on\n###")]
    [InlineData("opensuse", "/etc/default/grub", "mitigations=auto quiet intel_iommu=on\"\n")]
    [InlineData("arch-grub", "/etc/default/grub", "='loglevel=3 quiet intel_iommu=on'\n")]
    [InlineData("arch-systemd-boot", "/boot/loader/entries/arch.conf", "options root=PARTUUID=2 rw intel_iommu=on")]
    [InlineData("arch-uki", "/etc/kernel/cmdline", "root=PARTUUID=2 rw intel_iommu=on\n")]
    [InlineData("proxmox-zfs", "/etc/kernel/cmdline", "root=ZFS=rpool/ROOT/pve-1 boot=zfs intel_iommu=on\n")]
    [InlineData("proxmox-zfs-legacy", "/etc/default/grub", "\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n")]
    [InlineData("pop-os", "/etc/kernelstub/configuration", "      \"splash\",\n      \"intel_iommu=on\"\n    ],\n    \"esp_path\": \"/boot/efi\",\n    \"config_rev\"")]
    [InlineData("raspberry-pi", "/boot/firmware/cmdline.txt", "rootwait intel_iommu=on\n")]
    [InlineData("extlinux", "/boot/extlinux/extlinux.conf", "  APPEND root=/dev/mmcblk0p1 rw intel_iommu=on\nLABEL")]
    [InlineData("debian-u-boot", "/etc/default/u-boot", "=\"ro quiet intel_iommu=on\"\n")]
    [InlineData("rhel9", "/boot/loader/entries/cc-5.14.0-1.el9.x86_64.conf", "options root=/dev/mapper/rhel-root ro quiet $tuned_params intel_iommu=on\n")]
    [InlineData("opensuse-systemd-boot", "/etc/kernel/cmdline", "security=apparmor intel_iommu=on\n")]
    [InlineData("opensuse-systemd-boot", "/boot/efi/loader/entries/system-opensuse-tumbleweed-6.10.2-1-default-1.conf", "security=apparmor intel_iommu=on\n")]
    [InlineData("gentoo", "/etc/default/grub", "\nGRUB_CMDLINE_LINUX_DEFAULT=\"intel_iommu=on\"\n")]
    [InlineData("void", "/etc/default/grub", "=\"loglevel=4 intel_iommu=on\"\n")]
    [InlineData("debian-xen", "/etc/default/grub", "\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n")]
    [InlineData("arch-uki-pieces", "/etc/cmdline.d/security.conf", "# keep\nlsm=landlock quiet intel_iommu=on\n")]
    [InlineData("cachyos-limine", "/etc/default/limine", "\nKERNEL_CMDLINE[default]+=\"quiet rw root=UUID=1 intel_iommu=on\"\n")]
    [InlineData("omarchy-limine", "/etc/default/limine", "KERNEL_CMDLINE[default]=\"root=/dev/mapper/root rw quiet intel_iommu=on\"\n")]
    [InlineData("limine-by-hand", "/boot/EFI/limine/limine.conf", "    Cmdline: root=UUID=1 rw quiet intel_iommu=on\n")]
    [InlineData("limine-by-hand", "/boot/EFI/limine/limine.conf", "    cmdline: root=UUID=1 rw quiet\n")]
    [InlineData("limine-old", "/boot/limine.cfg", "\nCMDLINE=root=UUID=1 rw quiet intel_iommu=on\n")]
    [InlineData("refind", "/boot/refind_linux.conf", "  \"root=UUID=1 rw quiet intel_iommu=on\"\n\"Boot to single-user mode\"    \"root=UUID=1 rw quiet single\"\n")]
    [InlineData("refind-stanza", "/boot/efi/EFI/refind/refind.conf", "\toptions \"root=UUID=1 rw quiet intel_iommu=on\"\n\tsubmenuentry \"rescue\" {\n\t\tadd_options \"single\"\n")]
    [InlineData("alpine", "/etc/update-extlinux.conf", "=\"quiet rootfstype=ext4 intel_iommu=on\"\n")]
    public void Applying_writes_the_parameter_where_the_host_reads_it(string name, string path, string expected)
    {
        using var tree = Distributions.Make(name);
        Assert.NotNull(tree.Plan("intel_iommu=on").Apply());
        Assert.Contains(expected, tree[path], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_system_whose_boot_files_are_made_elsewhere_is_refused_with_the_way_out(string name)
    {
        using var tree = Distributions.Make(name);
        Assert.Equal(BootLoaderKind.Declarative, tree.Detect().Loader);
        Assert.Contains(Distributions.Refused[name], Assert.Throws<BootException>(() => tree.Plan("intel_iommu=on")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_tuned_adds_belongs_to_the_configured_command_line()
    {
        using var tree = Distributions.Make("rhel9");
        Assert.Equal("root=/dev/mapper/rhel-root ro quiet skew_tick=1", tree.Detect().Configured.Value);
    }

    /// <summary>GRUB takes the first line of options and no other; systemd-boot joins all of them.</summary>
    [Theory]
    [InlineData(true, "quiet", "options quiet iommu=pt\noptions intel_iommu=off\n")]
    [InlineData(false, "quiet intel_iommu=off", "options quiet\noptions intel_iommu=off iommu=pt\n")]
    public void An_entry_with_several_options_lines_is_edited_as_its_loader_reads_it(bool grub, string configured, string expected)
    {
        using var tree = new BootTree().With("/boot/loader/entries/a.conf", "title A\nversion 1\nlinux /vmlinuz\noptions quiet\noptions intel_iommu=off\n");
        _ = grub ? tree.With("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\nGRUB_ENABLE_BLSCFG=true\n") : tree.With("/boot/loader/loader.conf", "timeout 1\n");
        Assert.Equal(configured, tree.Detect().Configured.Value);
        var before = tree.Everything();
        tree.Plan("iommu=pt").Apply();
        Assert.EndsWith(expected, tree["/boot/loader/entries/a.conf"], StringComparison.Ordinal);
        Assert.True(tree.Plan("iommu=pt").Files.IsEmpty);
        tree.Revert();
        Assert.Equal(before, tree.Everything());
    }

    [Theory]
    [InlineData("kernelopts=quiet iommu=off", "$kernelopts iommu=off", "kernelopts=quiet", "options $kernelopts\n")]
    [InlineData("kernelopts=quiet", "iommu=off $kernelopts", "kernelopts=quiet", "options $kernelopts\n")]
    public void What_an_entry_and_GRUBs_variable_hold_together_is_edited_in_both(string block, string options, string blockAfter, string optionsAfter)
    {
        using var tree = new BootTree().With("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\nGRUB_ENABLE_BLSCFG=true\n")
            .With("/boot/grub2/grubenv", Distributions.GrubEnvironment(block))
            .With("/boot/loader/entries/a.conf", $"title A\nversion 1\nlinux /vmlinuz\noptions {options}\n");
        tree.Plan("-iommu=off").Apply();
        Assert.Contains($"\n{blockAfter}\n#", tree["/boot/grub2/grubenv"], StringComparison.Ordinal);
        Assert.EndsWith(optionsAfter, tree["/boot/loader/entries/a.conf"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("options quiet $tuned_params\n", "tuned_params=iommu=off", "-iommu=off", "tuned")]
    [InlineData("", "saved_entry=x", "iommu=pt", "default_kernelopts")]
    [InlineData("options $kernelopts\n", "saved_entry=x", "iommu=pt", "kernelopts")]
    public void What_GRUB_takes_from_elsewhere_is_refused(string options, string block, string change, string reason)
    {
        using var tree = new BootTree().With("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\nGRUB_ENABLE_BLSCFG=true\n")
            .With("/boot/grub2/grubenv", Distributions.GrubEnvironment(block))
            .With("/boot/loader/entries/a.conf", $"title A\nversion 1\nlinux /vmlinuz\n{options}");
        Assert.Contains(reason, Assert.Throws<BootException>(() => tree.Plan(change)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Applying_twice_is_applying_once_and_reverting_gives_every_byte_back(string name)
    {
        using var tree = Distributions.Make(name);
        var before = tree.Everything();
        var plan = tree.Plan("intel_iommu=on", "iommu=pt", "-quiet");
        Assert.False(plan.IsEmpty);
        Assert.NotNull(plan.Apply());
        Assert.Equal(plan.Commands, plan.CommandsLeft);
        Assert.Empty(tree.Journal);
        var after = tree.Everything();
        Assert.Equal(plan.Files.Select(f => f.Path).Order(), before.Keys.Union(after.Keys).Where(k => before.GetValueOrDefault(k) != after.GetValueOrDefault(k)).Order());

        Assert.Empty(tree.Plan("intel_iommu=on", "iommu=pt", "-quiet").Files);
        Assert.Equal(after, tree.Everything());

        Assert.Equal(plan.Files.Select(f => f.Path), tree.Revert()!.Files.Select(f => f.Path));
        Assert.Empty(tree.Journal);
        Assert.Equal(before, tree.Everything());
        Assert.Null(tree.Revert());
    }

    // rpm-ostree's configuration changes only when its command has run.
    public static TheoryData<string> EveryWithFiles => [.. Distributions.Names.Where(name => name != "silverblue" && !Distributions.Refused.ContainsKey(name))];

    [Theory]
    [MemberData(nameof(EveryWithFiles))]
    public void A_configured_parameter_owes_a_reboot_until_it_runs(string name)
    {
        using var tree = Distributions.Make(name);
        tree["/proc/cmdline"] = name == "proxmox-zfs-legacy" ? tree["/proc/cmdline"] : "ro quiet iommu=pt\n";
        tree.Plan("intel_iommu=on").Apply();
        var configuration = tree.Detect();
        Assert.Equal(BootParameterState.ConfiguredOnly, configuration.StateOf(BootParameter.Parse("intel_iommu=on")));
        Assert.Equal(BootParameterState.Neither, configuration.StateOf(BootParameter.Parse("nosmt")));
        tree["/proc/cmdline"] += " intel_iommu=on,sm_on";
        configuration = tree.Detect();
        Assert.Equal(BootParameterState.RunningAndConfigured, configuration.StateOf(BootParameter.Parse("intel_iommu=on")));
    }
}
