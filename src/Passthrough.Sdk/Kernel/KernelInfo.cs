using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Kernel;

/// <summary>The running kernel.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record KernelInfo
{
    /// <summary>Gets the release, such as <c>6.1.0-56-amd64</c>. Source: /proc/sys/kernel/osrelease.</summary>
    public Fact<string> Release { get; init; }

    /// <summary>Gets the banner with compiler and date. Source: /proc/version.</summary>
    public Fact<string> Version { get; init; }

    /// <summary>Gets the command line that this kernel was started with, which is not always the configured one. Source: /proc/cmdline.</summary>
    public Fact<KernelCommandLine> CommandLine { get; init; }

    /// <summary>Gets the configuration with which the kernel was built. Source: /proc/config.gz, else /boot/config-RELEASE or /lib/modules/RELEASE/config.</summary>
    public Fact<KernelConfig> Config { get; init; }

    /// <summary>Gets the lockdown mode of the kernel. Source: /sys/kernel/security/lockdown; absent in a kernel without it.</summary>
    public Fact<KernelLockdown> Lockdown { get; init; }

    /// <summary>Gets whether the firmware checked the boot loader's signature. Source: the EFI variable SecureBoot; absent if the host was not started by EFI.</summary>
    public Fact<bool> SecureBoot { get; init; }

    /// <summary>Gets the time when it was started, to the second. Source: <c>btime</c> of /proc/stat.</summary>
    public Fact<DateTimeOffset> StartedAt { get; init; }

    /// <summary>Gets the kernel's log. Unknown without the right to read it (kernel.dmesg_restrict).</summary>
    public Fact<KernelLog> Log { get; init; }
}
