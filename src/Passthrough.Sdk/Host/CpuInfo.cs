using System.Collections.Frozen;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The processors, as far as they matter for virtualisation.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record CpuInfo
{
    /// <summary>Gets the machine's architecture as uname prints it: <c>x86_64</c>, <c>aarch64</c>. Source: /proc/sys/kernel/arch (Linux 6.1), else /proc/cpuinfo.</summary>
    public Fact<string> Architecture { get; init; }

    /// <summary>Gets the manufacturer as the kernel writes it: <c>GenuineIntel</c>, <c>AuthenticAMD</c>, on Arm the implementer's number. Source: /proc/cpuinfo.</summary>
    public Fact<string> Vendor { get; init; }

    /// <summary>Gets the features of the first processor. Source: /proc/cpuinfo.</summary>
    public Fact<FrozenSet<string>> Flags { get; init; }

    /// <summary>
    /// Gets whether the processors can run guests: <c>vmx</c> or <c>svm</c> on x86, where the kernel drops the flag when the
    /// firmware has locked it off, and <c>sie</c> on s390x. On other machines, it is derived from /dev/kvm, or unknown.
    /// </summary>
    public Fact<bool> HasVirtualization { get; init; }

    /// <summary>
    /// Gets the kernel's message that the firmware disabled virtualisation (<c>VMX (outside TXT) disabled by BIOS</c>). Absent if the log
    /// was read and has no such line; the line can also have been overwritten. Source: the kernel's log.
    /// </summary>
    public Fact<string> DisabledByFirmware { get; init; }

    /// <summary>Gets the node of KVM, /dev/kvm.</summary>
    public Fact<DeviceNode> Kvm { get; init; }
}
