using System.Globalization;
using Passthrough.Sdk.Iommu;

namespace Passthrough.Sdk.Testing;

public sealed partial class FakeHost
{
    private const string KernelRelease = "6.12.0-fake";

    private static readonly string[] VfioModules = ["vfio", "vfio_iommu_type1", "vfio_pci_core", "vfio_pci"];

    /// <summary>
    /// Adds the files of a healthy machine, apart from its PCI functions: kernel, processors, firmware tables, modules, VFIO's node, an
    /// emulator, and the credentials of root. Together with a function that has an IOMMU group,
    /// <c>CheckReadiness().IsReady</c> is then true. Without these files, most facts about the host are unknown, and <c>IsReady</c> is null.
    /// </summary>
    /// <param name="iommu">
    /// The kind of IOMMU: <see cref="IommuKind.IntelVtd"/>, <see cref="IommuKind.AmdVi"/>, or <see cref="IommuKind.ArmSmmuV3"/> for an Arm machine. The groups are created with the functions that name
    /// one (<see cref="AddPciDevice"/>); without any group, the IOMMU is not active.
    /// </param>
    /// <remarks>Existing files are not changed, so a fault can be written before or after this call.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Another kind of IOMMU was requested.</exception>
    public FakeHost AddSystem(IommuKind iommu = IommuKind.IntelVtd)
    {
        var (vendor, flag, parameter, unit, table) = iommu switch
        {
            IommuKind.IntelVtd => ("GenuineIntel", "vmx", " intel_iommu=on", "dmar0", FakeFirmwareTables.Dmar()),
            IommuKind.AmdVi => ("AuthenticAMD", "svm", "", "ivhd0", FakeFirmwareTables.Ivrs()),
            IommuKind.ArmSmmuV3 => ("", "", "", "smmu3.0x0000000009050000", FakeFirmwareTables.Iort(withSmmu: true)),
            _ => throw new ArgumentOutOfRangeException(nameof(iommu), iommu, "a fake machine has the IOMMU of Intel (IntelVtd), AMD (AmdVi) or Arm (ArmSmmuV3)"),
        };
        var isArm = iommu == IommuKind.ArmSmmuV3;
        AddMissing("/proc/cmdline", $"BOOT_IMAGE=/boot/vmlinuz-{KernelRelease} root=/dev/sda1 ro{parameter}\n");
        AddMissing("/proc/sys/kernel/osrelease", KernelRelease + "\n");
        AddMissing("/proc/version", $"Linux version {KernelRelease} (fake@host)\n");
        AddMissing("/proc/cpuinfo", isArm ? "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\n" : $"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: fpu lm {flag}\n");
        AddMissing("/proc/meminfo", "MemTotal:       16384000 kB\nMemAvailable:   12000000 kB\n");
        AddMissing("/proc/interrupts", $"           CPU0\n 24:          9   {(isArm ? "ITS" : "IR")}-PCI-MSI-0000:01:00.0   0-edge      eth0\n");
        AddMissing("/proc/modules", string.Concat(VfioModules.Reverse().Select(module => $"{module} 16384 0 - Live 0x0000000000000000\n")));
        AddMissing("/proc/bus/input/devices", "");
        AddMissing("/proc/iomem", "00001000-0009ffff : System RAM\n");
        AddMissing("/proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        AddMissing("/proc/self/mountinfo", "22 1 0:21 / / rw,relatime shared:1 - tmpfs none rw\n");
        AddMissing("/proc/self/status", "Name:\tfake\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0 \nCapEff:\t000001ffffffffff\n");
        AddMissing("/proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units     \nMax locked memory         8388608              8388608              bytes     \n");
        AddMissing("/proc/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n");
        AddMissing("/proc/net/fib_trie", "Main:\n");
        AddMissing($"/lib/modules/{KernelRelease}/modules.builtin", "");
        AddMissing($"/lib/modules/{KernelRelease}/modules.dep", string.Concat(VfioModules.Select(module => $"kernel/drivers/vfio/{module.Replace('_', '-')}.ko:\n")));
        AddMissing($"/boot/config-{KernelRelease}", isArm ? "CONFIG_PCI=y\nCONFIG_ARM_SMMU_V3=y\nCONFIG_VFIO_PCI=m\n" : "CONFIG_PCI=y\nCONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\nCONFIG_AMD_IOMMU=y\nCONFIG_VFIO_PCI=m\n");
        AddMissing("/sys/firmware/acpi/tables/APIC", "");
        AddMissing($"/sys/firmware/acpi/tables/{table.Signature}", table.Content);
        AddMissing("/sys/kernel/uevent_seqnum", "1\n");
        AddMissing($"/usr/bin/qemu-system-{(isArm ? "aarch64" : "x86_64")}", "");
        AddMissing("/dev/kvm", "");
        AddMissing("/dev/vfio/vfio", "");
        foreach (var module in VfioModules)
        {
            AddDirectory($"/sys/module/{module}");
        }

        foreach (var directory in (ReadOnlySpan<string>)["misc", "net", "block", "drm", "graphics", "nvme", "sound", string.Create(CultureInfo.InvariantCulture, $"iommu/{unit}/devices")])
        {
            AddDirectory($"/sys/class/{directory}");
        }

        return AddDirectory("/sys/kernel/iommu_groups");
    }

    private void AddMissing(string path, string content) => AddMissing(path, System.Text.Encoding.UTF8.GetBytes(content));

    private void AddMissing(string path, ReadOnlySpan<byte> content)
    {
        if (!Exists(path))
        {
            WriteFile(path, content);
        }
    }
}
