using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel;

/// <summary>The running kernel.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record KernelInfo
{
    /// <summary>The release, such as <c>6.1.0-56-amd64</c>. Source: /proc/sys/kernel/osrelease.</summary>
    public Fact<string> Release { get; init; }

    /// <summary>The banner with compiler and date. Source: /proc/version.</summary>
    public Fact<string> Version { get; init; }

    /// <summary>The command line that this kernel was started with, which is not always the configured one. Source: /proc/cmdline.</summary>
    public Fact<KernelCommandLine> CommandLine { get; init; }

    /// <summary>How the kernel was built. Source: /proc/config.gz, else /boot/config-RELEASE or /lib/modules/RELEASE/config.</summary>
    public Fact<KernelConfig> Config { get; init; }

    /// <summary>How far the kernel is closed to root. Source: /sys/kernel/security/lockdown; absent in a kernel without it.</summary>
    public Fact<KernelLockdown> Lockdown { get; init; }

    /// <summary>Whether the firmware checked the boot loader's signature. Source: the EFI variable SecureBoot; absent where the host was not started by EFI.</summary>
    public Fact<bool> SecureBoot { get; init; }

    /// <summary>When it was started, to the second. Source: <c>btime</c> of /proc/stat.</summary>
    public Fact<DateTimeOffset> StartedAt { get; init; }

    /// <summary>The kernel's log. Unknown without the right to read it (kernel.dmesg_restrict).</summary>
    public Fact<KernelLog> Log { get; init; }
}
