using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>What a host runs on and in: the bare machine, a hypervisor, a container.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HostEnvironment
{
    /// <summary>
    /// What is underneath. Sources, the first that tells: /sys/hypervisor/type, the <c>hypervisor</c> flag of /proc/cpuinfo,
    /// the clock sources, the kernel's log, DMI, the device tree.
    /// </summary>
    public Fact<HypervisorKind> Hypervisor { get; init; }

    /// <summary>Xen's own facts.</summary>
    public XenStatus Xen { get; init; } = new();

    /// <summary>
    /// The kind of container (<c>docker</c>, <c>podman</c>, <c>lxc</c>, <c>kubernetes</c>, ...); absent where nothing speaks of one. Sources:
    /// /run/.containerenv, /.dockerenv (unless the kernel's own threads are in sight), /run/systemd/container, /run/host/container-manager, /proc/1/cgroup.
    /// </summary>
    public Fact<string> Container { get; init; }

    /// <summary>Who made the machine. Source: /sys/class/dmi/id/sys_vendor; absent on machines without DMI.</summary>
    public Fact<string> SystemVendor { get; init; }

    /// <summary>What the machine is called. Source: /sys/class/dmi/id/product_name.</summary>
    public Fact<string> ProductName { get; init; }
}
