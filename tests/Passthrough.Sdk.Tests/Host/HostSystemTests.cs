using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Host;

public sealed class HostSystemTests
{
    private const string Release = "6.1.0-56-amd64";

    private static MemorySysfs Healthy() => new MemorySysfs()
        .Add("/proc/sys/kernel/osrelease", Release + "\n")
        .Add("/proc/cmdline", "root=/dev/vda1 intel_iommu=on iommu=pt\n")
        .Add("/proc/modules", "vfio_pci 16384 0 - Live 0x0000000000000000\nvfio_pci_core 86016 1 vfio_pci, Live 0x0\nnvidia 5 - - Loading 0x0 (POE)\n")
        .Add($"/lib/modules/{Release}/modules.builtin", "kernel/drivers/iommu/iommufd/iommufd.ko\nkernel/crypto/aes-generic.ko\n")
        .Add($"/lib/modules/{Release}/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko: kernel/x.ko\nkernel/drivers/net/e1000e/e1000e.ko.zst:\n")
        .Add("/proc/sys/kernel/modules_disabled", "0\n")
        .Add("/sys/firmware/acpi/tables/DMAR", FirmwareSamples.QemuDmar)
        .Add("/sys/class/iommu/dmar0/intel-iommu/cap", "d2008c22260286\n")
        .Add("/sys/class/iommu/dmar0/intel-iommu/ecap", "f00f4a\n")
        .AddDirectory("/sys/kernel/iommu_groups/0")
        .AddDirectory("/sys/kernel/iommu_groups/1")
        .Add("/proc/interrupts", "            CPU0\n   1:          9   IR-IO-APIC   1-edge      i8042\n  24:          0   DMAR-MSI   0-edge      dmar0\n")
        .Add("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "N\n")
        .AddNode("/dev/vfio/vfio")
        .AddNode("/dev/vfio/9", 0x180, 107)
        .AddNode("/dev/vfio/noiommu-3");

    [Fact]
    public void A_healthy_host_is_read_as_it_is()
    {
        var host = HostSystemReader.Read(Healthy());
        Assert.Equal(Release, host.Kernel.Release.Value);
        Assert.Equal("on", host.Kernel.CommandLine.Value!.Last("intel_iommu")!.Value);
        Assert.True(host.Iommu.IsActive.Value);
        Assert.Equal(2, host.Iommu.GroupCount.Value);
        var unit = Assert.Single(host.Iommu.Units.Value);
        Assert.Equal((IommuKind.IntelVtd, 0xf00f4aUL, true), (unit.Kind, unit.ExtendedCapabilities.Value, unit.CanRemapInterrupts.Value));
        Assert.True(host.Iommu.InterruptRemapping is { IsKnown: true, Value: true, Source: "/proc/interrupts" });
        Assert.Equal("/dev/vfio/vfio 0666 0:0", host.Vfio.Container.Value!.ToString());
        Assert.Equal(["/dev/vfio/9", "/dev/vfio/noiommu-3"], host.Vfio.Groups.Value.Select(n => n.Path));
        Assert.True(host.Vfio.Iommufd.IsAbsent);
        Assert.True(host.Vfio.AllowsUnsafeInterrupts is { IsKnown: true, Value: false });
        Assert.True(host.Vfio.AllowsNoIommu.IsAbsent);
    }

    [Fact]
    public void Modules_are_loaded_built_in_or_installed_under_either_spelling()
    {
        var modules = HostSystemReader.Read(Healthy()).Modules;
        Assert.True(modules["vfio-pci"] is { IsLoaded.Value: true, IsInstalled.Value: true, IsPresent: { IsKnown: true, Value: true } });
        Assert.True(modules["aes_generic"] is { IsLoaded.Value: false, IsBuiltIn.Value: true, IsPresent.Value: true });
        Assert.True(modules["e1000e"] is { IsInstalled.Value: true, IsPresent: { IsKnown: true, Value: false } });
        Assert.False(modules["nvidia"].IsLoaded.Value);
        Assert.Equal(["vfio_pci"], modules.Loaded.Value!["vfio_pci_core"].UsedBy);
        Assert.Empty(modules["vfio_pci"].Obstacles);
    }

    [Fact]
    public void Sysfs_tells_of_modules_where_the_lists_are_missing()
    {
        var files = new MemorySysfs().Add("/proc/modules", "vfio 1 0 - Live 0x0\n").AddDirectory("/sys/module/vfio").AddDirectory("/sys/module/vfio_pci");
        var modules = HostSystemReader.Read(files).Modules;
        Assert.True(modules["vfio"] is { IsLoaded.Value: true, IsBuiltIn: { IsKnown: true, Value: false } });
        Assert.True(modules["vfio-pci"] is { IsLoaded.Value: false, IsBuiltIn: { IsKnown: true, Value: true }, IsPresent.Value: true });
        Assert.True(modules["kvm_intel"].IsPresent is { IsKnown: true, Value: false });

        var without = HostSystemReader.Read(new MemorySysfs().AddDirectory("/sys/module/vfio_pci")).Modules;
        Assert.True(without["vfio_pci"].IsPresent is { IsKnown: true, Value: true, Source: "/sys/module" });
    }

    [Fact]
    public void What_an_ordinary_user_may_not_read_is_unknown_and_not_no()
    {
        var host = HostSystemReader.Read(Healthy()
            .Deny("/proc/modules").Deny("/sys/module").Deny($"/lib/modules/{Release}").Deny("/etc/modprobe.d").Deny("/dev/vfio").Deny("/sys/kernel/iommu_groups")
            .Deny("/proc/interrupts").Deny("/dev/kmsg", Errno.NotPermitted));
        Assert.True(host.Modules["vfio_pci"].IsPresent.IsUnknown);
        Assert.Equal("permission denied", host.Modules["vfio_pci"].IsPresent.Reason);
        Assert.True(host.Modules.Configuration.IsUnknown);
        Assert.True(host.Vfio.Container.IsUnknown);
        Assert.True(host.Vfio.Groups.IsUnknown);
        Assert.True(host.Iommu.IsActive.IsUnknown);
        Assert.True(host.Iommu.InterruptRemapping.IsUnknown);
        Assert.Equal("operation not permitted", host.Kernel.Log.Reason);
    }

    [Fact]
    public void An_empty_root_makes_nothing_known()
    {
        var host = HostSystemReader.Read(new MemorySysfs());
        Assert.True(host.Kernel.Release.IsAbsent);
        Assert.True(host.Kernel.Config.IsUnknown);
        Assert.True(host.Modules["vfio_pci"].IsInstalled.IsUnknown);
        Assert.True(host.Iommu.Units.IsAbsent);
        Assert.True(host.Iommu.InterruptRemapping.IsUnknown);
        Assert.True(host.Vfio.Container.IsUnknown);
        Assert.False(host.Iommu.IsActive.IsKnown);
    }

    [Theory]
    [InlineData("1: 0 IR-PCI-MSI-0000:01:00.0 0-edge eth0", true)]
    [InlineData("1: 0 ITS-MSI 524288 Edge eth0", true)]
    [InlineData("1: 9 IO-APIC 1-edge i8042\n24: 0 PCI-MSI 65536-edge AMD-Vi", false)]
    [InlineData("1: 9 xen-pirq -ioapic-edge i8042", null)]
    [InlineData("24: 0 DMAR-MSI 0-edge dmar0", null)]
    public void The_chips_of_the_interrupts_tell_whether_they_are_remapped(string interrupts, bool? remapped) =>
        Assert.Equal(remapped, InterruptRemappingReader.FromInterrupts(interrupts));

    [Theory]
    [InlineData("[    0.008000] DMAR-IR: Enabled IRQ remapping in xapic mode", true)]
    [InlineData("<6>[    0.4] AMD-Vi: Interrupt remapping enabled", true)]
    [InlineData("6,339,514,-;AMD-Vi: Disabling interrupt remapping", false)]
    [InlineData("Nov 23 15:37:00 host kernel: [    1.2] DMAR: No RMRR found", null)]
    public void The_log_tells_where_the_interrupts_do_not(string line, bool? remapped) =>
        Assert.Equal(remapped, InterruptRemappingReader.FromLog(KernelLog.Parse(line + "\n")));

    [Fact]
    public void Units_without_the_capability_cannot_remap_and_no_units_cannot_either()
    {
        var without = new MemorySysfs().Add("/sys/class/iommu/dmar0/intel-iommu/ecap", "f42\n");
        Assert.True(HostSystemReader.Read(without).Iommu.InterruptRemapping is { IsKnown: true, Value: false });
        var none = new MemorySysfs().AddDirectory("/sys/class/iommu");
        Assert.True(HostSystemReader.Read(none).Iommu.InterruptRemapping is { IsKnown: true, Value: false });
    }

    [Fact]
    public void Blacklists_are_found_in_files_and_on_the_command_line_and_hidden_files_do_not_count()
    {
        var modules = HostSystemReader.Read(Healthy()
            .Add("/proc/cmdline", "modprobe.blacklist=nouveau,vfio_pci modprobe.blacklist=snd-hda-intel module_blacklist=lost module_blacklist=e1000e,nvidia-drm vfio-pci.ids=8086:10d3\n")
            .Add("/etc/modprobe.d/b.conf", "# blacklist radeon\n\tblacklist   vfio_pci\ninstall vfio-iommu-type1 \\\n  /bin/false\n")
            .Add("/usr/lib/modprobe.d/b.conf", "blacklist amdgpu\n")
            .Add("/usr/lib/modprobe.d/a.conf", "options vfio_pci disable_vga=1\nsoftdep nvidia pre: vfio-pci\n")
            .Add("/etc/modprobe.d/README", "blacklist xhci_pci\n")).Modules;
        var vfio = modules["vfio-pci"];
        Assert.Equal([("/etc/modprobe.d/b.conf", 2), ("/proc/cmdline", 0)], vfio.Obstacles.Select(o => (o.Source, o.Line)));
        Assert.Equal(["disable_vga=1", "ids=8086:10d3"], vfio.Options.Select(o => o.Argument));
        Assert.Equal(ModuleDirectiveKind.KernelBlacklist, Assert.Single(modules["e1000e"].Blacklists).Kind);
        var install = modules["vfio_iommu_type1"].Install!;
        Assert.Equal(("/bin/false", 3, true), (install.Argument, install.Line, install.PreventsLoading));
        Assert.All((string[])["lost", "nvidia_drm", "snd_hda_intel"], name => Assert.Empty(modules[name].Blacklists));
        Assert.Empty(modules["amdgpu"].Blacklists);
        Assert.Empty(modules["radeon"].Blacklists);
        Assert.Empty(modules["xhci_pci"].Blacklists);
    }

    [Theory]
    [InlineData("none [integrity] confidentiality", KernelLockdown.Integrity)]
    [InlineData("[none] integrity confidentiality", KernelLockdown.None)]
    public void Lockdown_is_the_mode_in_brackets(string text, KernelLockdown mode)
    {
        var host = HostSystemReader.Read(new MemorySysfs().Add("/sys/kernel/security/lockdown", text + "\n"));
        Assert.Equal(mode, host.Kernel.Lockdown.Value);
        Assert.True(host.Kernel.Lockdown.IsKnown);
    }

    [Fact]
    public void A_lockdown_of_tomorrow_is_unknown() =>
        Assert.True(HostSystemReader.Read(new MemorySysfs().Add("/sys/kernel/security/lockdown", "total\n")).Kernel.Lockdown.IsUnknown);

    [Fact]
    public void Secure_boot_is_the_fifth_byte()
    {
        const string Variable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
        Assert.True(KernelReader.Read(new MemorySysfs().Add(Variable, [6, 0, 0, 0, 1])).SecureBoot.Value);
        Assert.True(KernelReader.Read(new MemorySysfs().Add(Variable, [6, 0, 0, 0, 0])).SecureBoot is { IsKnown: true, Value: false });
        Assert.True(KernelReader.Read(new MemorySysfs().Add(Variable, [1])).SecureBoot.IsUnknown);
        Assert.True(KernelReader.Read(new MemorySysfs()).SecureBoot.IsAbsent);
    }

    [Fact]
    public void The_configuration_is_read_packed_or_plain_and_garbage_is_unknown()
    {
        const string Text = "#\n# Linux\n#\nCONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\nCONFIG_VFIO_PCI=m\nCONFIG_CC_VERSION_TEXT=\"gcc\"\n";
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.ASCII.GetBytes(Text));
        }

        foreach (var files in new[]
        {
            new MemorySysfs().Add("/proc/config.gz", packed.ToArray()),
            Healthy().Add($"/boot/config-{Release}", Text),
        })
        {
            var config = KernelReader.Read(files).Config.Value!;
            Assert.Equal("m", config["VFIO_PCI"]);
            Assert.True(config.IsEnabled("CONFIG_INTEL_IOMMU"));
            Assert.Null(config["INTEL_IOMMU_DEFAULT_ON"]);
        }

        Assert.True(KernelReader.Read(new MemorySysfs().Add("/proc/config.gz", "no gzip")).Config.IsUnknown);
        Assert.True(KernelReader.Read(Healthy().Add($"/boot/config-{Release}", "version https://git-lfs\n")).Config.IsUnknown);
    }
}
