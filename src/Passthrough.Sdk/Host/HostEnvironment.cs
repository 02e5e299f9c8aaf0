using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The environment of a host: the bare machine, a hypervisor, a container.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HostEnvironment
{
    /// <summary>
    /// Gets the hypervisor under the host. Sources, in this order: /sys/hypervisor/type, the <c>hypervisor</c> flag of /proc/cpuinfo,
    /// the clock sources, the kernel's log, DMI, the device tree.
    /// </summary>
    public Fact<HypervisorKind> Hypervisor { get; init; }

    /// <summary>Gets Xen's own facts.</summary>
    public XenStatus Xen { get; init; } = new();

    /// <summary>
    /// Gets the kind of container (<c>docker</c>, <c>podman</c>, <c>lxc</c>, <c>kubernetes</c>, ...); absent if nothing indicates one. Sources:
    /// /run/.containerenv, /.dockerenv (unless the kernel's own threads are visible), /run/systemd/container, /run/host/container-manager, /proc/1/cgroup.
    /// </summary>
    public Fact<string> Container { get; init; }

    /// <summary>Gets the manufacturer of the machine. Source: /sys/class/dmi/id/sys_vendor; absent on machines without DMI.</summary>
    public Fact<string> SystemVendor { get; init; }

    /// <summary>Gets the product name of the machine. Source: /sys/class/dmi/id/product_name.</summary>
    public Fact<string> ProductName { get; init; }
}
