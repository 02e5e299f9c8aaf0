using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="HostEnvironment"/> from a host's files.</summary>
internal static class EnvironmentReader
{
    public static HostEnvironment Read(ISysfs files, CpuInfo cpu, Fact<KernelLog> log)
    {
        var vendor = files.ReadText("/sys/class/dmi/id/sys_vendor");
        var product = files.ReadText("/sys/class/dmi/id/product_name");
        return new HostEnvironment
        {
            Hypervisor = Hypervisor(files, cpu, log, vendor, product),
            Xen = XenReader.Read(files),
            Container = Container(files),
            SystemVendor = vendor,
            ProductName = product,
        };
    }

    private static Fact<HypervisorKind> Hypervisor(ISysfs files, CpuInfo cpu, Fact<KernelLog> log, Fact<string> vendor, Fact<string> product)
    {
        var type = files.ReadText("/sys/hypervisor/type");
        if (type is { IsKnown: true, Value: "xen" })
        {
            return Fact.Known(HypervisorKind.Xen, type.Source);
        }

        var clocks = files.ReadText("/sys/devices/system/clocksource/clocksource0/available_clocksource");
        if (FromClocks(clocks.Value) is { } byClock)
        {
            return Fact.Known(byClock, clocks.Source);
        }

        if (log.IsKnown && log.Value!.Containing("Hypervisor detected: ") is [var line, ..])
        {
            return Fact.Known(FromLog(line), log.Source);
        }

        var tree = files.ReadText("/sys/firmware/devicetree/base/hypervisor/compatible");
        if (tree.IsKnown)
        {
            return Fact.Known(
                tree.Value!.Contains("xen", StringComparison.Ordinal) ? HypervisorKind.Xen
                    : tree.Value.Contains("kvm", StringComparison.Ordinal) ? HypervisorKind.Kvm : HypervisorKind.Other,
                tree.Source);
        }

        if (FromDmi(vendor.Value, product.Value) is { } byDmi)
        {
            return Fact.Known(byDmi, vendor.Source);
        }

        // On x86 the processor says whether anything is underneath, on others only the machine's name does.
        if (cpu.Architecture.Value is "x86_64" or "i686" && cpu.Flags is { IsKnown: true, Value.Count: > 0 })
        {
            return cpu.Flags.Select(f => f.Contains("hypervisor") ? HypervisorKind.Other : HypervisorKind.None);
        }

        return vendor.IsKnown
            ? Fact.Known(HypervisorKind.None, vendor.Source)
            : Fact.Unknown<HypervisorKind>(cpu.Flags.Source, cpu.Flags.Reason ?? vendor.Reason ?? "none of these sources tells");
    }

    internal static HypervisorKind? FromClocks(string? clocks) => clocks switch
    {
        null => null,
        _ when clocks.Contains("kvm-clock", StringComparison.Ordinal) => HypervisorKind.Kvm,
        _ when clocks.Contains("hyperv_clocksource", StringComparison.Ordinal) => HypervisorKind.HyperV,
        _ => null,
    };

    internal static HypervisorKind FromLog(string line) => line switch
    {
        _ when line.Contains("KVM", StringComparison.Ordinal) => HypervisorKind.Kvm,
        _ when line.Contains("Xen", StringComparison.Ordinal) => HypervisorKind.Xen,
        _ when line.Contains("Hyper-V", StringComparison.Ordinal) => HypervisorKind.HyperV,
        _ when line.Contains("VMware", StringComparison.Ordinal) => HypervisorKind.VMware,
        _ => HypervisorKind.Other,
    };

    internal static HypervisorKind? FromDmi(string? vendor, string? product) => (vendor, product) switch
    {
        ("QEMU", _) => HypervisorKind.Qemu,
        ("Red Hat", "KVM") or ("oVirt", _) or ("OpenStack Foundation", _) => HypervisorKind.Kvm,
        ("Microsoft Corporation", "Virtual Machine") => HypervisorKind.HyperV,
        ("innotek GmbH", _) => HypervisorKind.VirtualBox,
        ("Xen", _) => HypervisorKind.Xen,
        ({ } v, _) when v.StartsWith("VMware", StringComparison.Ordinal) => HypervisorKind.VMware,
        _ => null,
    };

    private static Fact<string> Container(ISysfs files)
    {
        const string ByPodman = "/run/.containerenv";
        const string ByDocker = "/.dockerenv";
        foreach (var path in (ReadOnlySpan<string>)["/run/systemd/container", "/run/host/container-manager"])
        {
            if (files.ReadText(path) is { IsKnown: true, Value.Length: > 0 } named)
            {
                return named.Select(n => n.Trim());
            }
        }

        if (files.ReadStatus(ByPodman).IsKnown)
        {
            return Fact.Known("podman", ByPodman);
        }

        // The file stays in an image that is booted as a machine of its own; there the kernel's threads are in sight.
        if (files.ReadStatus(ByDocker).IsKnown && files.ReadText("/proc/2/comm").Value != "kthreadd")
        {
            return Fact.Known("docker", ByDocker);
        }

        var groups = files.ReadText("/proc/1/cgroup");
        return groups.Value is { } text && FromCgroup(text) is { } kind ? Fact.Known(kind, groups.Source)
            : groups.IsUnknown ? groups : Fact.Absent<string>(groups.Source);
    }

    internal static string? FromCgroup(string text) => text switch
    {
        _ when text.Contains("kubepods", StringComparison.Ordinal) => "kubernetes",
        _ when text.Contains("/docker", StringComparison.Ordinal) => "docker",
        _ when text.Contains("libpod", StringComparison.Ordinal) => "podman",
        _ when text.Contains("/lxc", StringComparison.Ordinal) => "lxc",
        _ when text.Contains("containerd", StringComparison.Ordinal) => "containerd",
        _ => null,
    };
}
