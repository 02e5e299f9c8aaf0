using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Tests.Host;

public sealed class HostEnvironmentTests
{
    private const string Intel = "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu lm vmx x2apic\n\nprocessor\t: 1\nvendor_id\t: GenuineIntel\n";
    private const string LockedOff = "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu lm\n";
    private const string Guest = "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu lm svm hypervisor\n";
    private const string Arm = "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\n";

    private static MemorySysfs Cpu(string text) => new MemorySysfs().Add("/proc/cpuinfo", text);

    [Fact]
    public void A_bare_machine_with_virtualisation()
    {
        var host = HostSystemReader.Read(Cpu(Intel).AddNode("/dev/kvm").Add("/sys/class/dmi/id/sys_vendor", "Dell Inc.\n"));
        Assert.Equal(("x86_64", "GenuineIntel", true), (host.Cpu.Architecture.Value, host.Cpu.Vendor.Value, host.Cpu.HasVirtualization.Value));
        Assert.Equal(["fpu", "lm", "vmx", "x2apic"], host.Cpu.Flags.Value!.Order(StringComparer.Ordinal));
        Assert.True(host.Environment.Hypervisor is { IsKnown: true, Value: HypervisorKind.None });
        Assert.True(host.Cpu.Kvm.IsKnown);
        Assert.True(host.Cpu.DisabledByFirmware.IsUnknown);
    }

    [Fact]
    public void A_firmware_that_switched_virtualisation_off_leaves_a_line_in_the_log()
    {
        var host = HostSystemReader.Read(Cpu(LockedOff).Log("[    0.1] x86/cpu: VMX (outside TXT) disabled by BIOS\n"));
        Assert.True(host.Cpu.HasVirtualization is { IsKnown: true, Value: false });
        Assert.Equal("x86/cpu: VMX (outside TXT) disabled by BIOS", host.Cpu.DisabledByFirmware.Value);
        Assert.True(HostSystemReader.Read(Cpu(LockedOff).Log("[    0.1] quiet\n")).Cpu.DisabledByFirmware.IsAbsent);
    }

    [Fact]
    public void An_arm_processor_does_not_say_whether_it_can_but_kvm_does()
    {
        Assert.True(HostSystemReader.Read(Cpu(Arm)).Cpu.HasVirtualization.IsUnknown);
        var cpu = HostSystemReader.Read(Cpu(Arm).AddNode("/dev/kvm")).Cpu;
        Assert.True(cpu.HasVirtualization is { IsKnown: true, Value: true, Source: "/dev/kvm" });
        Assert.Equal("aarch64", cpu.Architecture.Value);
    }

    [Fact]
    public void Unreadable_processors_are_unknown()
    {
        var host = HostSystemReader.Read(Cpu(Intel).Deny("/proc/cpuinfo"));
        Assert.True(host.Cpu.HasVirtualization.IsUnknown);
        Assert.True(host.Cpu.Vendor.IsUnknown);
        Assert.True(host.Environment.Hypervisor.IsUnknown);
    }

    [Theory]
    [InlineData("kvm-clock tsc acpi_pm", null, null, HypervisorKind.Kvm)]
    [InlineData("hyperv_clocksource_tsc_page acpi_pm", null, null, HypervisorKind.HyperV)]
    [InlineData("hpet acpi_pm", "QEMU", null, HypervisorKind.Qemu)]
    [InlineData("tsc", "VMware, Inc.", null, HypervisorKind.VMware)]
    [InlineData("tsc", null, "[    0.0] Hypervisor detected: VMware", HypervisorKind.VMware)]
    [InlineData("tsc", null, null, HypervisorKind.Other)]
    public void A_guest_knows_what_it_runs_on(string clocks, string? vendor, string? log, HypervisorKind expected)
    {
        var files = Cpu(Guest).Add("/sys/devices/system/clocksource/clocksource0/available_clocksource", clocks + "\n");
        _ = vendor is null ? files : files.Add("/sys/class/dmi/id/sys_vendor", vendor + "\n");
        _ = log is null ? files : files.Log(log + "\n");
        var hypervisor = HostSystemReader.Read(files).Environment.Hypervisor;
        Assert.True(hypervisor.IsKnown);
        Assert.Equal(expected, hypervisor.Value);
    }

    [Theory]
    [InlineData("000228f0", null, true)]
    [InlineData("00002705", "", false)]
    [InlineData(null, "control_d\n", true)]
    [InlineData(null, "\n", false)]
    [InlineData(null, null, null)]
    public void Dom0_is_told_by_the_features_or_by_xens_own_file(string? features, string? capabilities, bool? isDom0)
    {
        var files = new MemorySysfs().Add("/sys/hypervisor/type", "xen\n").Add("/sys/hypervisor/guest_type", "PV\n")
            .Add("/sys/hypervisor/version/major", "4\n").Add("/sys/hypervisor/version/minor", "17\n").Add("/sys/hypervisor/version/extra", ".7\n");
        _ = features is null ? files : files.Add("/sys/hypervisor/properties/features", features + "\n");
        _ = capabilities is null ? files : files.Add("/proc/xen/capabilities", capabilities);
        var environment = HostSystemReader.Read(files).Environment;
        Assert.Equal(HypervisorKind.Xen, environment.Hypervisor.Value);
        Assert.Equal(("PV", "4.17.7"), (environment.Xen.GuestType.Value, environment.Xen.Version.Value));
        Assert.Equal(isDom0, environment.Xen.IsDom0.IsKnown ? environment.Xen.IsDom0.Value : null);
    }

    [Fact]
    public void Containers_are_told_by_their_marks()
    {
        Assert.Equal("podman", HostSystemReader.Read(new MemorySysfs().Add("/run/.containerenv", "")).Environment.Container.Value);
        Assert.Equal("docker", HostSystemReader.Read(new MemorySysfs().Add("/.dockerenv", "")).Environment.Container.Value);
        Assert.True(HostSystemReader.Read(new MemorySysfs().Add("/.dockerenv", "").Add("/proc/2/comm", "kthreadd\n")).Environment.Container.IsAbsent);
        Assert.Equal("lxc", HostSystemReader.Read(new MemorySysfs().Add("/run/systemd/container", "lxc\n")).Environment.Container.Value);
        Assert.Equal(
            "kubernetes",
            HostSystemReader.Read(new MemorySysfs().Add("/proc/1/cgroup", "0::/kubepods.slice/cri-containerd-1.scope\n")).Environment.Container.Value);
        Assert.True(HostSystemReader.Read(new MemorySysfs().Add("/proc/1/cgroup", "0::/init.scope\n")).Environment.Container.IsAbsent);
        Assert.True(HostSystemReader.Read(new MemorySysfs().Deny("/proc/1/cgroup")).Environment.Container.IsUnknown);
    }

    [Fact]
    public void Memory_and_its_limits_are_bytes()
    {
        var memory = HostSystemReader.Read(new MemorySysfs()
            .Add("/proc/meminfo", "MemTotal:        2032448 kB\nMemFree: 1 kB\nMemAvailable:    1892100 kB\n")
            .Add("/proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units     \n"
                + "Max locked memory         8388608              unlimited            bytes     \n")
            .Add("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "4\n")
            .Add("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "3\n")).Memory;
        Assert.Equal(2032448L * 1024, memory.Total.Value);
        Assert.Equal(1892100L * 1024, memory.Available.Value);
        Assert.Equal(new ResourceLimit(8388608, null), memory.LockLimit.Value);
        Assert.Equal([new HugePagePool(2 << 20, 4, 3)], memory.HugePages.Value);

        var none = HostSystemReader.Read(new MemorySysfs().Add("/proc/self/limits", "Max cpu time unlimited unlimited seconds\n")).Memory;
        Assert.True(none.LockLimit.IsUnknown);
        Assert.True(none.Total.IsUnknown);
    }
}
