using System.Collections.Frozen;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The processors, as far as they bear on virtualisation.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record CpuInfo
{
    /// <summary>The machine's name in uname's words: <c>x86_64</c>, <c>aarch64</c>. Source: /proc/sys/kernel/arch (Linux 6.1), else /proc/cpuinfo.</summary>
    public Fact<string> Architecture { get; init; }

    /// <summary>Who made them, as the kernel writes it: <c>GenuineIntel</c>, <c>AuthenticAMD</c>, on Arm the implementer's number. Source: /proc/cpuinfo.</summary>
    public Fact<string> Vendor { get; init; }

    /// <summary>The features of the first processor. Source: /proc/cpuinfo.</summary>
    public Fact<FrozenSet<string>> Flags { get; init; }

    /// <summary>
    /// Whether the processors can run guests: <c>vmx</c> or <c>svm</c> on x86, where the kernel drops the flag when the
    /// firmware has locked it off, and <c>sie</c> on s390x. On other machines /dev/kvm tells, or nothing does.
    /// </summary>
    public Fact<bool> HasVirtualization { get; init; }

    /// <summary>
    /// The kernel's words that the firmware switched virtualisation off (<c>VMX (outside TXT) disabled by BIOS</c>). Absent: the log
    /// was read and has no such line, which can also have been overwritten. Source: the kernel's log.
    /// </summary>
    public Fact<string> DisabledByFirmware { get; init; }

    /// <summary>The node through which guests run at the processor's speed, /dev/kvm.</summary>
    public Fact<DeviceNode> Kvm { get; init; }
}
