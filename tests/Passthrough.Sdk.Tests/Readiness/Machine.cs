using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>A machine that is in order, for tests to put faults into: Intel, its IOMMU on, vfio-pci loaded, QEMU there.</summary>
internal sealed record Machine
{
    public const string Release = "6.1.0-test";
    public const string DefaultOff = "CONFIG_PCI=y\nCONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\nCONFIG_VFIO_PCI=m\n";
    public const string DefaultOn = "CONFIG_PCI=y\nCONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_DEFAULT_ON=y\nCONFIG_VFIO_PCI=m\n";
    public const string WithoutDriver = "CONFIG_PCI=y\nCONFIG_VFIO_PCI=m\n";
    private const string TableFolder = "/sys/firmware/acpi/tables";

    public static Machine Intel { get; } = new();

    public static Machine Amd { get; } = new() { Cpu = "AuthenticAMD", Table = "IVRS", Unit = "ivhd0", CommandLine = "root=/dev/sda1" };

    public static Machine Arm { get; } = new()
    {
        Cpu = null, Table = "IORT", Unit = "smmu3.0x0000000009050000", CommandLine = "root=/dev/sda1", Interrupts = "ITS-PCI-MSI-0000:01:00.0",
    };

    public static Machine Dom0 { get; } = new Machine { Table = "RMAD", Groups = false, Interrupts = "xen-pirq", CommandLine = "root=/dev/sda1 placeholder", Modules = ["xen_pciback"], Node = false }
        .With("/sys/hypervisor/type", "xen\n")
        .With("/sys/hypervisor/properties/features", "00002f0d\n")
        .With("/sys/hypervisor/properties/capabilities", "xen-3.0-x86_64 hvm-3.0-x86_64\n");

    /// <summary>The processors' vendor; null: an Arm machine.</summary>
    public string? Cpu { get; init; } = "GenuineIntel";

    public string Flags { get; init; } = "lm vmx";

    /// <summary>The firmware's table; null: none.</summary>
    public string? Table { get; init; } = "DMAR";

    /// <summary>Tables with a content of their own.</summary>
    public (string Name, byte[] Content)[] Tables { get; init; } = [];

    public string Unit { get; init; } = "dmar0";

    public string? CommandLine { get; init; } = "root=/dev/sda1 intel_iommu=on";

    public bool Groups { get; init; } = true;

    public string? Config { get; init; } = DefaultOff;

    public string[] Modules { get; init; } = ["vfio", "vfio_iommu_type1", "vfio_pci_core", "vfio_pci"];

    public string[] Installed { get; init; } = ["vfio", "vfio_iommu_type1", "vfio-pci-core", "vfio-pci", "xen-pciback"];

    public bool Node { get; init; } = true;

    public string Interrupts { get; init; } = "IR-PCI-MSI-0000:01:00.0";

    public (string Path, string Content)[] Files { get; init; } = [];

    public string[] Removed { get; init; } = [];

    /// <summary>Off: neither a parameter nor the kernel's default switches it on, or something else keeps it off.</summary>
    public Machine Off(string? commandLine = "root=/dev/sda1") =>
        this with { Groups = false, CommandLine = commandLine, Interrupts = "PCI-MSI-0000:01:00.0" };

    public Machine With(string path, string content) => this with { Files = [.. Files, (path, content)] };

    public Machine Without(params string[] paths) => this with { Removed = [.. Removed, .. paths] };

    public FakeHost Build()
    {
        var host = FakeHost.Create()
            .WriteFile("/proc/sys/kernel/osrelease", Release + "\n")
            .WriteFile("/proc/cpuinfo", Cpu is null
                ? "processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\n"
                : $"processor\t: 0\nvendor_id\t: {Cpu}\nflags\t\t: {Flags}\n")
            .WriteFile("/proc/modules", string.Concat(Modules.Select(module => $"{module} 16384 0 - Live 0x0000000000000000\n")))
            .WriteFile($"/lib/modules/{Release}/modules.builtin", "")
            .WriteFile($"/lib/modules/{Release}/modules.dep", string.Concat(Installed.Select(module => $"kernel/drivers/{module}.ko:\n")))
            .WriteFile("/proc/interrupts", $"           CPU0\n 24:          9   {Interrupts}   0-edge      eth0\n")
            .WriteFile("/usr/bin/qemu-system-x86_64", "")
            .WriteFile("/dev/kvm", "")
            .WriteFile($"{TableFolder}/APIC", "x")
            .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: Groups ? 9 : null)
            .AddDirectory("/sys/kernel/iommu_groups")
            .AddDirectory("/sys/class/iommu")
            .AddDirectory("/sys/class/misc");
        host = Table is null ? host : host.WriteFile($"{TableFolder}/{Table}", "x");
        host = Groups ? host.AddDirectory($"/sys/class/iommu/{Unit}/devices") : host;
        host = CommandLine is null ? host : host.WriteFile("/proc/cmdline", CommandLine + "\n");
        host = Config is null ? host : host.WriteFile($"/boot/config-{Release}", Config);
        host = Node ? host.WriteFile("/dev/vfio/vfio", "") : host;
        foreach (var (name, content) in Tables)
        {
            host.WriteFile($"{TableFolder}/{name}", content);
        }

        foreach (var (path, content) in Files)
        {
            host.WriteFile(path, content);
        }

        foreach (var path in Removed)
        {
            host.Remove(path);
        }

        return host;
    }
}
