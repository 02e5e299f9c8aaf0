using System.Security.Cryptography;
using System.Text;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Plans.Saved;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Plans;

/// <summary>The identification of a boot, and of a device at an address.</summary>
internal sealed class HostMarks(ISysfs sysfs)
{
    /// <summary>
    /// Identifies the machine: a hash of its machine-id, which must not be disclosed (man machine-id); empty if it cannot be read.
    /// </summary>
    public string Machine => sysfs.ReadText("/etc/machine-id").Value?.Trim() is { Length: > 0 } id
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"passthrough {id}")).AsSpan(0, 16))
        : "";

    /// <summary>Identifies the boot of this host; empty if the kernel does not report it.</summary>
    public string BootId => sysfs.ReadText("/proc/sys/kernel/random/boot_id").Value ?? "";

    /// <summary>The identity where no device is.</summary>
    public const string NoDevice = "? ? ? ? ?";

    /// <summary>Identifies the device at an address: ids and class, as far as the kernel reports them.</summary>
    public string IdentityOf(PciAddress device)
    {
        string Part(string name) => sysfs.ReadText($"/sys/bus/pci/devices/{device}/{name}").Value ?? "?";
        return $"{Part("vendor")} {Part("device")} {Part("subsystem_vendor")} {Part("subsystem_device")} {Part("class")}";
    }

    /// <summary>Returns the description of this host for a plan's JSON.</summary>
    /// <param name="source">The source of the host.</param>
    /// <param name="devices">The devices of the plan.</param>
    public PlanDocumentHost Describe(string source, IEnumerable<PciAddress> devices) =>
        new(source, Machine, BootId, [.. devices.Select(device => new DeviceIdentity(device, IdentityOf(device)))]);

    /// <summary>Returns whether an entry began in this boot; null if it is unknown.</summary>
    public bool? IsOfThisBoot(string? then) => then is { Length: > 0 } && BootId is { Length: > 0 } now ? then == now : null;
}
