using System.Security.Cryptography;
using System.Text;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Plans;

/// <summary>What tells a boot, and a device at an address, from others.</summary>
internal sealed class HostMarks(ISysfs sysfs)
{
    /// <summary>
    /// Names the machine: a hash of its machine-id, which is not to be given away (man machine-id); empty if it has none that can be read.
    /// </summary>
    public string Machine => sysfs.ReadText("/etc/machine-id").Value?.Trim() is { Length: > 0 } id
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"passthrough {id}")).AsSpan(0, 16))
        : "";

    /// <summary>Names the boot of this host; empty if the kernel does not say.</summary>
    public string BootId => sysfs.ReadText("/proc/sys/kernel/random/boot_id").Value ?? "";

    /// <summary>Says what stands at an address: ids and class, as far as the kernel says them.</summary>
    public string IdentityOf(PciAddress device)
    {
        string Part(string name) => sysfs.ReadText($"/sys/bus/pci/devices/{device}/{name}").Value ?? "?";
        return $"{Part("vendor")} {Part("device")} {Part("subsystem_vendor")} {Part("subsystem_device")} {Part("class")}";
    }

    /// <summary>What a plan's JSON says of this host.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="devices">The devices of the plan.</param>
    public PlanDocumentHost Describe(string source, IEnumerable<PciAddress> devices) =>
        new(source, Machine, BootId, [.. devices.Select(device => new DeviceIdentity(device, IdentityOf(device)))]);

    /// <summary>Whether an entry was begun in this boot; null if it is unknown.</summary>
    public bool? IsOfThisBoot(string? then) => then is { Length: > 0 } && BootId is { Length: > 0 } now ? then == now : null;
}
