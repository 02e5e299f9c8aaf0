using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Machines of every kind, each with a fault or two: which errors stand at the top, in which order, and what is said beside them.</summary>
public sealed class HostMatrixTests
{
    private static readonly Machine NoVfio = Machine.Intel with { Modules = [], Node = false };

    private static readonly Dictionary<string, Case> Cases = new(StringComparer.Ordinal)
    {
        ["Intel in order"] = new(Machine.Intel),
        ["AMD in order"] = new(Machine.Amd),
        ["Arm with ACPI in order"] = new(Machine.Arm),
        ["Arm with a device tree in order"] = new((Machine.Arm with { Table = null }).Without("/sys/firmware/acpi").With("/sys/firmware/devicetree/base/soc/iommu@5000000/compatible", "arm,smmu-v3\0")),
        ["AMD with intel_iommu=on, which does nothing"] = new(Machine.Amd with { CommandLine = "intel_iommu=on" }) { Says = [FindingIds.IommuParameterForOtherVendor] },
        ["AMD with amd_iommu=on, which does not exist and does no harm"] = new(Machine.Amd with { CommandLine = "amd_iommu=on iommu=pt" }) { SaysNot = [FindingIds.IommuParameterForOtherVendor] },
        ["Intel with amd_iommu=on beside its own"] = new(Machine.Intel with { CommandLine = "amd_iommu=on intel_iommu=on" }) { Says = [FindingIds.IommuParameterForOtherVendor] },
        ["Intel on by the kernel's default"] = new(Machine.Intel with { CommandLine = "quiet", Config = Machine.DefaultOn }),
        ["Intel on though nobody says so, by the firmware's wish"] = new(Machine.Intel with { CommandLine = "quiet" }),
        ["a virtual machine with a virtual IOMMU"] = new((Machine.Intel with { Flags = "lm hypervisor" }).Without("/dev/kvm")) { Says = [FindingIds.CpuVirtualizationMissing] },

        ["Intel, no table"] = new(Machine.Intel.Off("intel_iommu=on") with { Table = null }, FindingIds.IommuFirmwareTableMissing),
        ["AMD, no table"] = new(Machine.Amd.Off() with { Table = null }, FindingIds.IommuFirmwareTableMissing),
        ["Arm, no table"] = new(Machine.Arm.Off() with { Table = null }, FindingIds.IommuFirmwareTableMissing),
        ["Arm, a device tree without an IOMMU"] = new((Machine.Arm.Off() with { Table = null }).Without("/sys/firmware/acpi").With("/sys/firmware/devicetree/base/compatible", "x\0"), FindingIds.IommuFirmwareTableMissing),
        ["Arm, a device tree with its IOMMU switched off"] = new(
            (Machine.Arm.Off() with { Table = null }).Without("/sys/firmware/acpi")
                .With("/sys/firmware/devicetree/base/iommu@5000000/compatible", "arm,smmu-v3\0").With("/sys/firmware/devicetree/base/iommu@5000000/status", "disabled\0"),
            FindingIds.IommuFirmwareTableMissing),
        ["no table, and a parameter that switches it off"] = new(Machine.Intel.Off("intel_iommu=off") with { Table = null }, FindingIds.IommuFirmwareTableMissing) { Says = [FindingIds.IommuDisabledByKernelParameter] },
        ["no table, and no vfio-pci"] = new(NoVfio.Off("intel_iommu=on") with { Table = null }, FindingIds.IommuFirmwareTableMissing) { Says = [FindingIds.VfioModuleNotLoaded] },
        ["no table, and vfio-pci blacklisted"] = new(
            (NoVfio.Off("intel_iommu=on") with { Table = null }).With("/etc/modprobe.d/no.conf", "blacklist vfio-pci\n"), FindingIds.IommuFirmwareTableMissing, FindingIds.VfioModuleBlacklisted),
        ["no table, and only AMD's parameter"] = new(Machine.Intel.Off("amd_iommu=on") with { Table = null }, FindingIds.IommuFirmwareTableMissing) { Says = [FindingIds.IommuParameterForOtherVendor] },
        ["a virtual machine without an IOMMU"] = new(
            (Machine.Intel.Off() with { Table = null, Flags = "lm hypervisor" }).Without("/dev/kvm").With("/sys/devices/system/clocksource/clocksource0/available_clocksource", "kvm-clock tsc\n"),
            FindingIds.IommuFirmwareTableMissing) { Says = [FindingIds.CpuVirtualizationMissing] },

        ["intel_iommu=off"] = new(Machine.Intel.Off("intel_iommu=off"), FindingIds.IommuDisabledByKernelParameter),
        ["intel_iommu=on,off"] = new(Machine.Intel.Off("intel_iommu=on,off"), FindingIds.IommuDisabledByKernelParameter),
        ["intel_iommu=off on a kernel with its default on"] = new(Machine.Intel.Off("intel_iommu=off") with { Config = Machine.DefaultOn }, FindingIds.IommuDisabledByKernelParameter),
        ["iommu=off against intel_iommu=on"] = new(Machine.Intel.Off("intel_iommu=on iommu=off"), FindingIds.IommuDisabledByKernelParameter),
        ["iommu=off is not taken back by iommu=pt"] = new(Machine.Intel.Off("iommu=off iommu=pt intel_iommu=on"), FindingIds.IommuDisabledByKernelParameter),
        ["both switches off are one error"] = new(Machine.Intel.Off("iommu=off intel_iommu=off"), FindingIds.IommuDisabledByKernelParameter),
        ["amd_iommu=off"] = new(Machine.Amd.Off("amd_iommu=off"), FindingIds.IommuDisabledByKernelParameter),
        ["amd_iommu=off is not taken back by amd_iommu=on"] = new(Machine.Amd.Off("amd_iommu=off amd_iommu=on"), FindingIds.IommuDisabledByKernelParameter),
        ["amd_iommu=fullflush,off"] = new(Machine.Amd.Off("amd_iommu=fullflush,off"), FindingIds.IommuDisabledByKernelParameter),
        ["amd_iommu=off on Intel switches nothing off"] = new(Machine.Intel.Off("amd_iommu=off"), FindingIds.IommuNotEnabledByKernel) { Says = [FindingIds.IommuParameterForOtherVendor] },
        ["acpi=off"] = new((Machine.Intel.Off("acpi=off intel_iommu=on") with { Table = null }).Without("/sys/firmware/acpi"), FindingIds.IommuDisabledByKernelParameter),
        ["the parameter in quotes"] = new(Machine.Intel.Off("\"intel_iommu=off\" quiet"), FindingIds.IommuDisabledByKernelParameter),
        ["the parameter behind --, which init gets"] = new(Machine.Intel.Off("quiet -- intel_iommu=off"), FindingIds.IommuNotEnabledByKernel),

        ["Intel, default off, no parameter"] = new(Machine.Intel.Off(), FindingIds.IommuNotEnabledByKernel),
        ["Intel, default off, no parameter, no vfio-pci"] = new(NoVfio.Off(), FindingIds.IommuNotEnabledByKernel) { Says = [FindingIds.VfioModuleNotLoaded] },
        ["Intel, igfx_off is no on"] = new(Machine.Intel.Off("intel_iommu=igfx_off"), FindingIds.IommuNotEnabledByKernel),
        ["Intel, sm_on is no on"] = new(Machine.Intel.Off("intel_iommu=sm_on iommu=pt"), FindingIds.IommuNotEnabledByKernel),
        ["Intel, iommu=soft and noforce are no on"] = new(Machine.Intel.Off("iommu=soft,noforce"), FindingIds.IommuNotEnabledByKernel),
        ["Intel, configuration unreadable"] = new(Machine.Intel.Off() with { Config = null }, FindingIds.IommuNotEnabledByKernel),
        ["Intel, only AMD's parameter"] = new(Machine.Intel.Off("amd_iommu=on"), FindingIds.IommuParameterForOtherVendor) { Says = [FindingIds.IommuNotEnabledByKernel] },
        ["Intel, default on, and inactive all the same"] = new(Machine.Intel.Off() with { Config = Machine.DefaultOn }, FindingIds.IommuInactive),
        ["Intel, on,sm_on, and inactive all the same"] = new(Machine.Intel.Off("intel_iommu=on,sm_on"), FindingIds.IommuInactive),
        ["Intel, a kernel without its driver"] = new(Machine.Intel.Off() with { Config = Machine.WithoutDriver }, FindingIds.IommuInactive),
        ["AMD, inactive"] = new(Machine.Amd.Off(), FindingIds.IommuInactive),
        ["AMD, only Intel's parameter, inactive"] = new(Machine.Amd.Off("intel_iommu=on"), FindingIds.IommuInactive) { Says = [FindingIds.IommuParameterForOtherVendor] },
        ["a kernel without any IOMMU support"] = new(Machine.Amd.Off().Without("/sys/kernel/iommu_groups", "/sys/class/iommu").With("/sys/kernel/uevent_seqnum", "1\n"), FindingIds.IommuInactive),
        ["groups of a device without an IOMMU are none"] = new(
            Machine.Intel.Off("intel_iommu=off").With("/sys/kernel/iommu_groups/0/name", "vfio-noiommu\n").With("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y\n"),
            FindingIds.IommuDisabledByKernelParameter) { Says = [FindingIds.VfioNoIommu] },

        ["vfio-pci not loaded"] = new(NoVfio, FindingIds.VfioModuleNotLoaded),
        ["vfio-pci not loaded, and no more modules taken"] = new(NoVfio.With("/proc/sys/kernel/modules_disabled", "1\n"), FindingIds.VfioModuleNotLoaded),
        ["vfio-pci not loaded, the static node there"] = new(NoVfio with { Node = true }),
        ["vfio-pci built in, by depmod's list"] = new((NoVfio with { Node = true }).With($"/lib/modules/{Machine.Release}/modules.builtin", "kernel/drivers/vfio/pci/vfio-pci.ko\n")),
        ["vfio-pci blacklisted in a file"] = new(NoVfio.With("/etc/modprobe.d/x.conf", "blacklist vfio-pci\n"), FindingIds.VfioModuleBlacklisted) { Says = [FindingIds.VfioModuleNotLoaded] },
        ["vfio-pci blacklisted though its node is there"] = new((NoVfio with { Node = true }).With("/usr/lib/modprobe.d/x.conf", "blacklist vfio_pci\n"), FindingIds.VfioModuleBlacklisted),
        ["vfio-pci blacklisted and loaded all the same"] = new(Machine.Intel.With("/etc/modprobe.d/x.conf", "blacklist vfio-pci\n")),
        ["vfio-pci replaced by /bin/false"] = new(NoVfio.With("/etc/modprobe.d/x.conf", "install vfio-pci /bin/false\n"), FindingIds.VfioModuleBlacklisted),
        ["what vfio-pci needs replaced by /bin/true"] = new(NoVfio.With("/etc/modprobe.d/x.conf", "install vfio /bin/true\n"), FindingIds.VfioModuleBlacklisted),
        ["what vfio-pci needs on a blacklist, which counts for names alone"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "blacklist vfio\n")),
        ["type 1 replaced while vfio-pci is loaded"] = new(
            (Machine.Intel with { Modules = ["vfio", "vfio_pci_core", "vfio_pci"] }).With("/etc/modprobe.d/x.conf", "install vfio_iommu_type1 /bin/false\n"), FindingIds.VfioModuleBlacklisted),
        ["module_blacklist="] = new(NoVfio with { CommandLine = "intel_iommu=on module_blacklist=nouveau,vfio_pci" }, FindingIds.VfioModuleBlacklisted),
        ["module_blacklist= of what vfio-pci needs"] = new(NoVfio with { CommandLine = "intel_iommu=on module_blacklist=vfio" }, FindingIds.VfioModuleBlacklisted),
        ["modprobe.blacklist="] = new(NoVfio with { CommandLine = "intel_iommu=on modprobe.blacklist=vfio_pci modprobe.blacklist=nouveau" }, FindingIds.VfioModuleBlacklisted),
        ["modprobe.blacklist= behind --, which kmod reads too"] = new(NoVfio with { CommandLine = "intel_iommu=on -- modprobe.blacklist=vfio_pci" }, FindingIds.VfioModuleBlacklisted),
        ["modprobe.blacklist= with a dash, which never fits"] = new(NoVfio with { CommandLine = "intel_iommu=on modprobe.blacklist=vfio-pci" }, FindingIds.VfioModuleNotLoaded)
        {
            Says = [FindingIds.KernelParameterWithoutEffect], SaysNot = [FindingIds.VfioModuleBlacklisted],
        },
        ["module_blacklist= with a dash, which never fits"] = new(NoVfio with { Node = true, CommandLine = "intel_iommu=on module_blacklist=vfio-pci" }) { Says = [FindingIds.KernelParameterWithoutEffect] },
        ["module_blacklist= twice, of which the last counts"] = new(NoVfio with { Node = true, CommandLine = "intel_iommu=on module_blacklist=vfio_pci module_blacklist=nouveau" })
        {
            Says = [FindingIds.KernelParameterWithoutEffect], SaysNot = [FindingIds.VfioModuleBlacklisted],
        },
        ["module_blacklist= twice, the last one with it"] = new(NoVfio with { CommandLine = "intel_iommu=on module_blacklist=nouveau module_blacklist=vfio_pci" }, FindingIds.VfioModuleBlacklisted),
        ["module_blacklist= behind --"] = new(NoVfio with { Node = true, CommandLine = "intel_iommu=on -- module_blacklist=vfio_pci" }) { Says = [FindingIds.KernelParameterWithoutEffect] },
        ["module_blacklist cut by a blank"] = new(NoVfio with { Node = true, CommandLine = "intel_iommu=on modprobe. blacklist=nouveau" }) { Says = [FindingIds.KernelParameterWithoutEffect] },
        ["a name in single quotes"] = new(NoVfio with { Node = true, CommandLine = "intel_iommu=on 'module_blacklist=nouveau'" }) { Says = [FindingIds.KernelParameterWithoutEffect] },
        ["a misspelt name"] = new(NoVfio with { Node = true, CommandLine = "intel_iommu=on vfio-pci.id=10de:1b80" }) { Says = [FindingIds.KernelParameterWithoutEffect] },
        ["what else a distribution puts there"] = new(NoVfio with
        {
            Node = true,
            CommandLine = "BOOT_IMAGE=/boot/vmlinuz root=UUID=1 ro quiet splash intel_iommu=on iommu=pt kvm.ignore_msrs=1 rd.driver.blacklist=nouveau modprobe.blacklist=nouveau "
                + "module_blacklist=nvidia_drm nvidia-drm.modeset=1 pci=realloc mitigations=auto acpi_osi=Linux console=ttyS0,115200 vfio-pci.ids=8086:10d3 vfio_pci.disable_vga=1 iommu.strict=0 -- single",
        }) { SaysNot = [FindingIds.KernelParameterWithoutEffect, FindingIds.VfioOptionsMalformed] },
        ["vfio-pci replaced by a command that nobody knows"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "install vfio-pci /usr/local/sbin/load-vfio --fast\n")) { IsOpen = true },
        ["vfio-pci replaced by a command that nobody knows, and loaded all the same"] = new(Machine.Intel.With("/etc/modprobe.d/x.conf", "install vfio-pci /usr/local/sbin/load-vfio\n")),
        ["an install line for a pattern"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "install vfio* /bin/false\n"), FindingIds.VfioModuleBlacklisted),
        ["an alias that makes nothing of the name"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "alias vfio-pci off\n"), FindingIds.VfioModuleBlacklisted),
        ["an alias of another module's"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "alias char-major-10-196 vfio\nalias vfio_pci vfio-pci\n")),
        ["a remove line, which is none of it"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "remove vfio-pci /bin/false\n")),
        ["a blacklist that a file of the same name hides"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "# nothing\n").With("/usr/lib/modprobe.d/x.conf", "blacklist vfio-pci\n")),
        ["a line that begins with no word of modprobe's"] = new((NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "option vfio-pci ids=8086:10d3\n")) { Says = [FindingIds.VfioOptionsMalformed] },
        ["a flag that is neither yes nor no keeps the module away"] = new(
            (NoVfio with { Node = true }).With("/etc/modprobe.d/x.conf", "options vfio_iommu_type1 allow_unsafe_interrupts=please\n"), FindingIds.VfioOptionsMalformed),
        ["an IORT without an SMMU"] = new(Machine.Arm.Off() with { Table = null, Tables = [("IORT", MachineTables.Iort(withSmmu: false))] }, FindingIds.IommuFirmwareTableMissing),
        ["an IORT with an SMMU"] = new(Machine.Arm.Off() with { Table = null, Tables = [("IORT", MachineTables.Iort(withSmmu: true))] }, FindingIds.IommuInactive),
        ["a DMAR without a DRHD"] = new(Machine.Intel.Off("intel_iommu=on") with { Table = null, Tables = [("DMAR", MachineTables.Empty("DMAR"))] }, FindingIds.IommuFirmwareTableMissing),
        ["an IVRS without an IVHD"] = new(Machine.Amd.Off() with { Table = null, Tables = [("IVRS", MachineTables.Empty("IVRS"))] }, FindingIds.IommuFirmwareTableMissing),
        ["a VIOT without a virtio-iommu"] = new(Machine.Arm.Off() with { Table = null, Tables = [("VIOT", MachineTables.Empty("VIOT"))] }, FindingIds.IommuFirmwareTableMissing),
        ["an IORT without an SMMU and groups all the same"] = new(Machine.Arm with { Table = null, Tables = [("IORT", MachineTables.Iort(withSmmu: false))] }),
        ["a kernel without vfio-pci"] = new(NoVfio with { Installed = ["e1000e"] }, FindingIds.VfioModuleUnavailable) { Says = [FindingIds.VfioModuleNotLoaded] },
        ["the running kernel's modules are gone"] = new(
            NoVfio.Without($"/lib/modules/{Machine.Release}").With("/lib/modules/6.1.0-newer/modules.dep", "kernel/drivers/vfio-pci.ko:\n"), FindingIds.VfioModuleUnavailable),
        ["loaded, and no node"] = new(Machine.Intel with { Node = false }, FindingIds.VfioNodeMissing),
        ["loaded, and no node in a container"] = new((Machine.Intel with { Node = false }).With("/run/.containerenv", ""), FindingIds.VfioNodeMissing),

        ["no interrupt remapping"] = new(Machine.Intel with { Interrupts = "PCI-MSI 0-edge" }, FindingIds.InterruptRemappingMissing),
        ["intremap=off"] = new(Machine.Intel with { Interrupts = "PCI-MSI 0-edge", CommandLine = "intel_iommu=on intremap=off" }, FindingIds.InterruptRemappingMissing),
        ["no interrupt remapping, allowed in sysfs"] = new(
            (Machine.Intel with { Interrupts = "PCI-MSI 0-edge" }).With("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "Y\n")) { Says = [FindingIds.InterruptRemappingUnsafeAllowed] },
        ["no interrupt remapping, allowed on the command line for a module that is not loaded yet"] = new(
            NoVfio with { Node = true, Interrupts = "PCI-MSI 0-edge", CommandLine = "intel_iommu=on vfio_iommu_type1.allow_unsafe_interrupts=1" }) { Says = [FindingIds.InterruptRemappingUnsafeAllowed] },
        ["no interrupt remapping, allowed in modprobe.d"] = new(
            (NoVfio with { Node = true, Interrupts = "PCI-MSI 0-edge" }).With("/etc/modprobe.d/x.conf", "options vfio_iommu_type1 allow_unsafe_interrupts=1\n")) { Says = [FindingIds.InterruptRemappingUnsafeAllowed] },
        ["no interrupt remapping and no vfio-pci are two errors"] = new(NoVfio with { Interrupts = "PCI-MSI 0-edge" }, FindingIds.VfioModuleNotLoaded, FindingIds.InterruptRemappingMissing),

        ["noiommu with an IOMMU at work"] = new(Machine.Intel.With("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y\n")) { Says = [FindingIds.VfioNoIommu] },
        ["noiommu for a module that is not loaded yet"] = new(NoVfio with { Node = true, CommandLine = "intel_iommu=on vfio.enable_unsafe_noiommu_mode=1" }) { Says = [FindingIds.VfioNoIommu] },
        ["lockdown"] = new(Machine.Intel.With("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n")) { Says = [FindingIds.KernelLockdown] },
        ["no lockdown"] = new(Machine.Intel.With("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n")) { SaysNot = [FindingIds.KernelLockdown] },
        ["groups split on paper"] = new(Machine.Intel with { CommandLine = "intel_iommu=on pcie_acs_override=downstream,multifunction" }) { Says = [FindingIds.GroupAcsOverride] },
        ["no QEMU"] = new(Machine.Intel.Without("/usr/bin/qemu-system-x86_64")) { Says = [FindingIds.QemuMissing] },
        ["no VT-x"] = new((Machine.Intel with { Flags = "lm" }).Without("/dev/kvm")) { Says = [FindingIds.CpuVirtualizationMissing] },
        ["VT-x locked by the firmware"] = new((Machine.Intel with { Flags = "lm" }).Without("/dev/kvm").With("/var/log/dmesg", "[    0.1] x86/cpu: VMX (outside TXT) disabled by BIOS\n"))
        {
            Says = [FindingIds.CpuVirtualizationDisabledByFirmware], SaysNot = [FindingIds.CpuVirtualizationMissing],
        },

        ["dom0 in order"] = new(Machine.Dom0.With("/var/log/xen/console/hypervisor.log", "(XEN) I/O virtualisation enabled\n")),
        ["dom0 in order, and what Xen said at its start is not kept"] = new(Machine.Dom0) { IsOpen = true },
        ["dom0 with a parameter that does nothing"] = new(Machine.Dom0 with { CommandLine = "intel_iommu=off placeholder" }) { Says = [FindingIds.XenDom0ParameterHasNoEffect], IsOpen = true },
        ["dom0 without pciback"] = new(Machine.Dom0 with { Modules = [] }, FindingIds.XenPcibackMissing),
        ["dom0 on a machine without an IOMMU"] = new(Machine.Dom0 with { Table = null, Modules = [] }, FindingIds.XenNoDirectIo) { Says = [FindingIds.XenPcibackMissing] },
        ["dom0 asked for a guest of QEMU"] = new(Machine.Dom0, FindingIds.IommuInactive) { Guest = GuestKind.Qemu },
        ["dom0 without hvm asked for a fully virtualised guest"] = new(Machine.Dom0.With("/sys/hypervisor/properties/capabilities", "xen-3.0-x86_64\n"), FindingIds.CpuVirtualizationMissing) { Guest = GuestKind.XenHvm },
        ["dom0 without hvm is asked for paravirtualised guests"] = new(Machine.Dom0.With("/sys/hypervisor/properties/capabilities", "xen-3.0-x86_64\n")) { IsOpen = true },
        ["a guest of Xen where there is no Xen"] = new(Machine.Intel, FindingIds.XenNoDirectIo) { Guest = GuestKind.XenPv },

        ["a part of a host: tables and command line alone"] = new(
            Machine.Intel.Off("intel_iommu=off").Without("/sys/kernel", "/sys/class", "/proc/modules", "/lib", "/dev", "/usr", "/proc/cpuinfo", "/boot", "/proc/interrupts"),
            FindingIds.IommuDisabledByKernelParameter),
        ["a part of a host whose groups were not copied"] = new(Machine.Amd.Off().Without("/sys/kernel/iommu_groups", "/sys/class/iommu")) { IsOpen = true },
        ["a part of a host: table names without an IOMMU's"] = new(
            (Machine.Intel.Off() with { Table = null }).Without("/sys/kernel", "/sys/class", "/proc", "/lib", "/dev", "/usr", "/boot"), FindingIds.IommuFirmwareTableMissing),
        ["a part of a host that says nothing"] = new(Machine.Intel.Off().Without("/sys/kernel", "/sys/class", "/sys/firmware", "/proc", "/lib", "/dev", "/usr", "/boot")) { IsOpen = true },
        ["a part of a host: sysfs alone, in order"] = new(Machine.Intel.Without("/proc", "/lib", "/dev", "/usr", "/boot")) { IsOpen = true },
    };

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    /// <summary>The machines of all cases, for tests of what else is said of them.</summary>
    internal static IEnumerable<(string Name, Machine Machine)> Machines => Cases.Where(one => one.Value.Guest is null).Select(one => (one.Key, one.Value.Machine));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_errors_at_the_top_are_those_and_in_that_order(string name)
    {
        var wanted = Cases[name];
        using var host = wanted.Machine.Build();
        var report = PassthroughHost.At(host.Root).Capture().CheckReadiness(wanted.Guest);
        var everything = string.Join("; ", report);
        Assert.True(wanted.Errors.SequenceEqual(report.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.Id)), everything);
        Assert.True(report.IsReady == (wanted.Errors.Length > 0 ? false : wanted.IsOpen ? null : true), everything);
        var all = report.SelectMany(finding => finding.Consequences.Prepend(finding)).Where(finding => !finding.IsUndetermined).ToList();
        Assert.All(wanted.Says, id => Assert.True(all.Any(finding => finding.Id == id), $"{id} is not among {everything}"));
        Assert.All(wanted.SaysNot, id => Assert.DoesNotContain(report, finding => finding.Id == id));
        Assert.All(all, finding => Assert.NotEmpty(finding.Evidence));
        Assert.All(all, finding => Assert.NotNull(FindingCatalog.Find(finding.Id)));
    }

    private sealed record Case(Machine Machine, params string[] Errors)
    {
        public GuestKind? Guest { get; init; }

        /// <summary>Whether the facts do not rule an error out, so that nobody can tell whether the host is ready.</summary>
        public bool IsOpen { get; init; }

        public string[] Says { get; init; } = [];

        public string[] SaysNot { get; init; } = [];
    }
}
