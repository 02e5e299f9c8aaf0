using System.Globalization;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Hosts that one and the same sentence can come from.</summary>
internal static class Hosts
{
    private static readonly byte[] AnyTable = [0];

    /// <summary>A host with an Intel IOMMU at work, VFIO loaded, a NIC alone in group 9, two behind a bridge in group 11, a disk with virtual functions.</summary>
    public static FakeHost Healthy() => Machine("root=/dev/sda1 intel_iommu=on")
        .WithTable()
        .WithGroups()
        .WithModule();

    /// <summary>No firmware table.</summary>
    public static FakeHost WithoutTable() => Machine("root=/dev/sda1");

    /// <summary>Switched off by a parameter.</summary>
    public static FakeHost SwitchedOff() => Machine("root=/dev/sda1 intel_iommu=off").WithTable();

    /// <summary>Left off by the kernel's default.</summary>
    public static FakeHost NotSwitchedOn() => Machine("root=/dev/sda1").WithTable()
        .WriteFile("/boot/config-6.1.0-test", "CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n");

    /// <summary>Left off by the kernel's default, switched on in the boot configuration since.</summary>
    public static FakeHost RebootOwed() => NotSwitchedOn()
        .WriteFile("/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\n")
        .WriteFile("/boot/grub/grub.cfg", "menuentry 'Linux' {\n\tlinux /boot/vmlinuz-6.1.0-test root=/dev/sda1 quiet intel_iommu=on\n}\n");

    /// <summary>IOMMU at work, VFIO not loaded.</summary>
    public static FakeHost WithoutModule() => Machine("root=/dev/sda1 intel_iommu=on").WithTable().WithGroups();

    /// <summary>IOMMU at work, VFIO blacklisted.</summary>
    public static FakeHost Blacklisted() => WithoutModule().WriteFile("/etc/modprobe.d/no.conf", "blacklist vfio-pci\n");

    /// <summary>IOMMU at work, a line of modprobe.d or a parameter of the kernel in the way of a module of VFIO's.</summary>
    public static FakeHost WithModuleLine(string line, string parameter = "") =>
        Machine($"root=/dev/sda1 intel_iommu=on {parameter}").WithTable().WithGroups().WriteFile("/etc/modprobe.d/no.conf", line + "\n");

    /// <summary>IOMMU at work, interrupts not remapped.</summary>
    public static FakeHost WithoutRemapping() => Healthy().WriteFile("/proc/interrupts", "  1:  0  IO-APIC  1-edge  i8042\n 24:  0  PCI-MSI 524288-edge  nvme0q0\n");

    /// <summary>The firmware reserves memory for the NIC.</summary>
    public static FakeHost WithReservedMemory() => Healthy()
        .AddIommuGroup(9, "DMA", "0x000000009f000000 0x000000009f7fffff direct", "0x00000000fee00000 0x00000000feefffff msi");

    private static FakeHost Machine(string commandLine) => FakeHost.Create()
        .WriteFile("/proc/cmdline", commandLine + "\n")
        .WriteFile("/proc/sys/kernel/osrelease", "6.1.0-test\n")
        .WriteFile("/proc/modules", "")
        .WriteFile("/proc/cpuinfo", "vendor_id : GenuineIntel\nflags : fpu vmx\n")
        .WriteFile("/proc/interrupts", "  1:  0  IR-IO-APIC  1-edge  i8042\n 24:  0  IR-PCI-MSI 524288-edge  nvme0q0\n")
        .WriteFile("/lib/modules/6.1.0-test/modules.builtin", "")
        .WriteFile("/lib/modules/6.1.0-test/modules.dep", "kernel/drivers/vfio/pci/vfio-pci.ko:\n")
        .WriteFile("/sys/firmware/acpi/tables/APIC", AnyTable)
        .AddDirectory("/sys/kernel/iommu_groups")
        .AddPciDevice("0000:00:02.0", vendor: 0x8086, device: 0x1234, @class: 0x030000)
        .WriteFile("/etc/modprobe.d/empty.conf", "# nothing\n");

    private static FakeHost WithTable(this FakeHost host) => host.WriteFile("/sys/firmware/acpi/tables/DMAR", AnyTable);

    private static FakeHost WithGroups(this FakeHost host) => host
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddPciBridge("0000:00:1e.0", secondaryBus: 4, iommuGroup: 11)
        .AddPciDevice("0000:04:01.0", vendor: 0x8086, device: 0x100e, driver: "vfio-pci", iommuGroup: 11, parent: "0000:00:1e.0")
        .AddPciDevice("0000:04:02.0", vendor: 0x8086, device: 0x100e, driver: "e1000", iommuGroup: 11, parent: "0000:00:1e.0")
        .AddPciDevice("0000:05:00.0", vendor: 0x144d, device: 0xa808, @class: 0x010802, driver: "vfio-pci", iommuGroup: 10)
        .AddPciDevice("0000:05:00.1", vendor: 0x144d, device: 0xa808, @class: 0x010802, driver: "vfio-pci", iommuGroup: 12, physicalFunction: "0000:05:00.0");

    private static FakeHost WithModule(this FakeHost host) => host
        .WriteFile("/proc/modules", "vfio_pci 16384 0 - Live 0x0000000000000000\nvfio_iommu_type1 45056 0 - Live 0x0000000000000000\nvfio 45056 1 vfio_pci, Live 0x0000000000000000\n")
        .WriteFile("/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "N\n")
        .WriteFile("/dev/vfio/vfio", "");

    /// <summary>The domain's log as QEMU and libvirt write it: an older start, then one that ended in these lines.</summary>
    public static string Log(params string[] lines) => string.Create(CultureInfo.InvariantCulture, $"""
        2026-11-24 09:00:00.000+0000: starting up libvirt version: 9.0.0, qemu version: 7.2.19, kernel: 6.1.0, hostname: lab
        LC_ALL=C \
        /usr/bin/qemu-system-x86_64 \
        -name guest=vm1,debug-threads=on \
        -msg timestamp=on
        2026-11-24T09:00:01.000000Z qemu-system-x86_64: -device vfio-pci,host=0000:04:01.0: vfio 0000:04:01.0: group 11 is not viable
        2026-11-24 09:00:02.000+0000: shutting down, reason=failed
        2026-11-24 10:00:00.000+0000: starting up libvirt version: 9.0.0, qemu version: 7.2.19, kernel: 6.1.0, hostname: lab
        LC_ALL=C \
        /usr/bin/qemu-system-x86_64 \
        -device '{"{"}"driver":"vfio-pci","host":"0000:01:00.0","id":"hostdev0"{"}"}' \
        -msg timestamp=on
        {string.Join('\n', lines)}
        """);
}
