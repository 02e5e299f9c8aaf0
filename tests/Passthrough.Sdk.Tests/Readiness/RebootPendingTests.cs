using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Tests.Boot;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>The running command line against the configured one: what is owed, and which file and command this host has for it.</summary>
public sealed class RebootPendingTests
{
    private const string Grub = "/etc/default/grub";

    [Fact]
    public void What_was_mended_in_the_configuration_owes_a_reboot_and_the_cause_hangs_under_it()
    {
        using var host = Host("quiet intel_iommu=off", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n", "quiet intel_iommu=on");
        var finding = Only(host);
        Assert.Equal(FindingIds.IommuRebootPending, finding.Id);
        Assert.Equal("reboot", finding.Remedy);
        Assert.Contains(finding.Consequences, f => f.Id == FindingIds.IommuDisabledByKernelParameter);
        Assert.Contains(finding.Evidence, e => e is { Source: "/proc/cmdline", Value: "quiet intel_iommu=off" });
        Assert.Contains(finding.Evidence, e => e is { Source: Grub, Value: "quiet intel_iommu=on" });
    }

    [Fact]
    public void A_menu_that_was_not_made_anew_needs_that_before_the_reboot()
    {
        using var host = Host("quiet intel_iommu=off", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n", "quiet intel_iommu=off");
        var finding = Only(host);
        Assert.Equal(FindingIds.IommuRebootPending, finding.Id);
        Assert.Equal("run update-grub, because /boot/grub/grub.cfg is older than the settings, and reboot", finding.Remedy);
    }

    [Fact]
    public void A_missing_parameter_that_is_configured_by_now_owes_a_reboot()
    {
        using var host = Host("quiet", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n", "quiet intel_iommu=on");
        var finding = Only(host);
        Assert.Equal(FindingIds.IommuRebootPending, finding.Id);
        Assert.Contains(finding.Consequences, f => f.Id == FindingIds.IommuNotEnabledByKernel);
    }

    [Theory]
    [InlineData("quiet intel_iommu=off", "GRUB_CMDLINE_LINUX=\"intel_iommu=off\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", FindingIds.IommuDisabledByKernelParameter,
        "remove intel_iommu=off from GRUB_CMDLINE_LINUX in /etc/default/grub, run update-grub, and reboot")]
    [InlineData("quiet intel_iommu=off", "OFF=intel_iommu=off\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet $OFF\"\n", FindingIds.IommuDisabledByKernelParameter,
        "remove intel_iommu=off from OFF in /etc/default/grub, run update-grub, and reboot")]
    [InlineData("quiet", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", FindingIds.IommuNotEnabledByKernel,
        "add intel_iommu=on to GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run update-grub, and reboot")]
    public void The_remedy_names_the_file_the_variable_and_the_command(string running, string settings, string id, string remedy)
    {
        using var host = Host(running, settings, running);
        var finding = Only(host);
        Assert.Equal(id, finding.Id);
        Assert.Equal(remedy, finding.Remedy);
    }

    [Theory]
    [InlineData("fedora", "grubby --update-kernel=ALL --args=intel_iommu=on")]
    [InlineData("silverblue", "rpm-ostree kargs --append-if-missing=intel_iommu=on")]
    [InlineData("arch-systemd-boot", "add intel_iommu=on to options in /boot/loader/entries/arch.conf and reboot")]
    [InlineData("arch-uki", "add intel_iommu=on to /etc/kernel/cmdline, run mkinitcpio -P, and reboot")]
    [InlineData("proxmox-zfs", "add intel_iommu=on to /etc/kernel/cmdline, run proxmox-boot-tool refresh, and reboot")]
    [InlineData("ubuntu-cloud", "add intel_iommu=on to GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub.d/50-cloudimg-settings.cfg, run update-grub, and reboot")]
    [InlineData("opensuse", "add intel_iommu=on to GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, run grub2-mkconfig -o /boot/grub2/grub.cfg, and reboot")]
    [InlineData("pop-os", "add intel_iommu=on to kernel_options in /etc/kernelstub/configuration, run kernelstub, and reboot")]
    [InlineData("alpine", "add intel_iommu=on to default_kernel_opts in /etc/update-extlinux.conf, run update-extlinux, and reboot")]
    public void Every_distribution_has_a_remedy_of_its_own(string name, string remedy)
    {
        using var host = Machine(Distributions.Make(name), "quiet");
        var finding = Only(host);
        Assert.Equal(FindingIds.IommuNotEnabledByKernel, finding.Id);
        Assert.StartsWith(remedy, finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_computes_the_value_leaves_open_whether_a_reboot_helps_and_names_the_line()
    {
        using var host = Host("quiet intel_iommu=off", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet $(cat /etc/more)\"\n", "quiet intel_iommu=off");
        var report = Report(host);
        Assert.Equal(FindingIds.IommuDisabledByKernelParameter, report[0].Id);
        var open = Assert.Single(report, f => f.Id == FindingIds.IommuRebootPending);
        Assert.True(open.IsUndetermined);
        Assert.Contains("/etc/default/grub, line 1", open.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("intel_iommu=1", "the kernel does not know the word 1")]
    [InlineData("intel_iommu=yes", "the kernel does not know the word yes")]
    [InlineData("intel_iommu", "without a value")]
    [InlineData("iommu=on", "iommu does not know the word on")]
    [InlineData("intel_iomu=on", "the kernel does not know a parameter intel_iomu")]
    [InlineData("inteliommu=on", "the kernel does not know a parameter inteliommu")]
    [InlineData("Intel_IOMMU=on", "the kernel does not know a parameter Intel_IOMMU")]
    [InlineData("quiet -- intel_iommu=on", "goes to init")]
    public void A_parameter_that_means_nothing_is_part_of_the_evidence(string running, string evidence)
    {
        using var host = Host(running, $"GRUB_CMDLINE_LINUX_DEFAULT=\"{running}\"\n", running);
        var finding = Only(host);
        Assert.Equal(FindingIds.IommuNotEnabledByKernel, finding.Id);
        Assert.Contains(finding.Evidence, e => e.Value.Contains(evidence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("intel-iommu=on")]
    [InlineData("intel_iommu=on,sm_on")]
    [InlineData("intel_iommu=igfx_off intel_iommu=on iommu=pt")]
    public void What_the_kernel_understands_is_not_called_a_mistake(string line) =>
        Assert.All(Passthrough.Sdk.Kernel.KernelCommandLine.Parse(line).Parameters, p => Assert.Null(Passthrough.Sdk.Readiness.Rules.IommuMisspelt.Why(p)));

    [Fact]
    public void A_parameter_in_the_file_of_a_loader_that_does_not_boot_this_host_is_part_of_the_evidence()
    {
        using var host = Machine(Distributions.Make("arch-systemd-boot"), "initrd=\\initramfs-linux.img quiet");
        host[Grub] = "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n";
        Assert.Equal(BootLoaderKind.SystemdBoot, host.Detect().Loader);
        var finding = Only(host);
        Assert.Contains(finding.Evidence, e => e.Source == Grub && e.Value == "intel_iommu=on is set here, but systemd-boot does not read this file");
    }

    [Fact]
    public void A_captured_host_gives_the_same_findings_as_the_tree_it_came_from()
    {
        using var host = Host("quiet intel_iommu=off", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n", "quiet intel_iommu=off");
        var archive = Path.Combine(host.Root, "host.tar.gz");
        using (var stream = File.Create(archive))
        {
            PassthroughHost.At(host.Root).CaptureTo(stream);
        }

        Finding[] fromTree = [.. Report(host)];
        Finding[] fromArchive = [.. PassthroughHost.At(archive).Capture().CheckReadiness()];
        Assert.Equal(fromTree.Select(f => $"{f} {f.Remedy} {string.Join(' ', f.Evidence)}"), fromArchive.Select(f => $"{f} {f.Remedy} {string.Join(' ', f.Evidence)}"));
        Assert.Equal(FindingIds.IommuRebootPending, fromArchive[0].Id);
    }

    [Fact]
    public void A_captured_host_keeps_neither_the_machines_id_nor_GRUBs_password_and_still_knows_its_entries()
    {
        const string Id = "0123456789abcdef0123456789abcdef";
        using var host = Machine(new BootTree().With("/etc/os-release", "ID=fedora\n").With("/etc/machine-id", Id + "\n").With(Grub, "GRUB_ENABLE_BLSCFG=true\n")
            .With("/boot/grub2/grub.cfg", "password_pbkdf2 root grub.pbkdf2.sha512.10000.AB.CD\nblscfg\n")
            .With($"/boot/loader/entries/{Id}-6.1.conf", $"title Fedora\nversion 6.1\nmachine-id {Id}\nlinux /vmlinuz\noptions quiet nosmt\n"), "quiet");
        var archive = Path.Combine(host.Root, "host.tar.gz");
        using (var stream = File.Create(archive))
        {
            PassthroughHost.At(host.Root).CaptureTo(stream);
        }

        using var unpacked = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(File.OpenRead(archive), System.IO.Compression.CompressionMode.Decompress))
        {
            gzip.CopyTo(unpacked);
        }

        var all = System.Text.Encoding.Latin1.GetString(unpacked.ToArray());
        Assert.DoesNotContain(Id, all, StringComparison.Ordinal);
        Assert.DoesNotContain("AB.CD", all, StringComparison.Ordinal);
        Assert.Equal("quiet nosmt", PassthroughHost.At(archive).Capture().System.Boot.Configured.Value);
    }

    [Fact]
    public void A_module_that_the_next_boot_loads_needs_no_more_than_that()
    {
        using var host = Machine(Distributions.Make("debian"), "quiet intel_iommu=on").With("/sys/kernel/iommu_groups/9/type", "DMA\n");
        Assert.Contains("echo vfio-pci > /etc/modules-load.d", Only(host).Remedy, StringComparison.Ordinal);
        host["/etc/modules-load.d/mine.conf"] = "# comment\nvfio-pci\n";
        var finding = Only(host);
        Assert.Equal(FindingIds.VfioModuleNotLoaded, finding.Id);
        Assert.Equal("modprobe vfio-pci, or reboot: /etc/modules-load.d/mine.conf loads it at boot", finding.Remedy);
    }

    [Fact]
    public void Without_asking_for_the_system_no_boot_file_is_read()
    {
        using var host = Host("quiet", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", "quiet");
        var status = PassthroughHost.At(host.Root).Capture(Passthrough.Sdk.Host.CaptureOptions.DevicesOnly).System.Boot;
        Assert.Equal(BootLoaderKind.Unknown, status.Loader);
        Assert.True(status.Configured.IsUnknown);
    }

    private static Finding Only(BootTree host) => Assert.Single(Report(host), f => f.Severity == FindingSeverity.Error);

    private static ReadinessReport Report(BootTree host) => PassthroughHost.At(host.Root).Capture().CheckReadiness();

    private static BootTree Host(string running, string settings, string menu) =>
        Machine(new BootTree().With("/etc/os-release", "ID=debian\n").With(Grub, settings).With("/usr/sbin/update-grub")
            .With("/boot/grub/grub.cfg", $"menuentry 'Linux' {{\n\tlinux\t/vmlinuz root=/dev/sda1 ro {menu}\n}}\n"), running);

    private static BootTree Machine(BootTree tree, string running)
    {
        Directory.CreateDirectory(tree.Root + "/sys/kernel/iommu_groups");
        return tree
            .With("/proc/cmdline", running + "\n").With("/proc/sys/kernel/osrelease", "6.1.0-test\n").With("/proc/modules")
            .With("/boot/config-6.1.0-test", "CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n")
            .With("/lib/modules/6.1.0-test/modules.builtin").With("/lib/modules/6.1.0-test/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko:\n")
            .With("/sys/firmware/acpi/tables/DMAR", "\0");
    }
}
