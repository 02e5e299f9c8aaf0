using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>Hosts in memory: with device nodes of any owner, and files that may not be read.</summary>
internal static class MemoryHost
{
    /// <summary>A host with one group, as an ordinary user sees it at most distributions.</summary>
    public static MemorySysfs SeenByAnOrdinaryUser() => InOrder()
        .Deny("/sys/firmware/acpi/tables/DMAR").Deny("/proc/interrupts").Deny("/dev/kmsg", Errno.NotPermitted).Deny("/etc/libvirt/qemu.conf")
        .Deny("/boot/config-6.1.0-test").Deny("/sys/kernel/security/lockdown");

    /// <summary>A host with one group, of which everything may be read, by a user who is not root.</summary>
    public static MemorySysfs InOrder() => new MemorySysfs()
        .Add("/proc/cmdline", "intel_iommu=on\n")
        .Add("/proc/sys/kernel/osrelease", "6.1.0-test\n")
        .Add("/proc/cpuinfo", "vendor_id : GenuineIntel\nflags : lm vmx\n")
        .Add("/proc/modules", "vfio_pci 16384 0 - Live 0x0000000000000000\nvfio 16384 0 - Live 0x0000000000000000\n")
        .Add("/proc/meminfo", "MemTotal:       16384000 kB\nMemAvailable:   16000000 kB\n")
        .Add("/proc/self/status", "Name:\tx\nUid:\t65534\t65534\t65534\t65534\nGid:\t65534\t65534\t65534\t65534\nGroups:\t65534 \nCapEff:\t0000000000000000\n")
        .Add("/proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units     \nMax locked memory         8388608              8388608              bytes     \n")
        .Add("/sys/firmware/acpi/tables/DMAR", "x")
        .Add("/proc/interrupts", " 24: 9 IR-PCI-MSI 0-edge\n")
        .Add("/sys/kernel/iommu_groups/9/type", "DMA\n")
        .AddDirectory("/sys/class/iommu/dmar0/devices")
        .Add("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nlibvirt-qemu:x:64055:106::/var/lib/libvirt:/usr/sbin/nologin\n")
        .AddNode("/dev/vfio/vfio").AddNode("/dev/kvm", 0x1B0)
        .AddDirectory("/usr/bin").Add("/usr/bin/qemu-system-x86_64", "");

    public static ReadinessReport Check(this MemorySysfs files, GuestKind guest = GuestKind.Qemu, LibvirtFacts? libvirt = null) =>
        ReadinessEngine.Run(ReadinessRules.OfTheHost, new ReadinessContext(files.Snapshot(), guest) { Libvirt = libvirt });

    public static HostSnapshot Snapshot(this MemorySysfs files)
    {
        using var empty = FakeHost.Create();
        var bare = PassthroughHost.At(empty.Root).Capture();
        return new HostSnapshot(default, "/", bare.Devices, bare.IommuGroups, []) { System = HostSystemReader.Read(files) };
    }
}
