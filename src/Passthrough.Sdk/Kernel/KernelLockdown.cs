namespace Passthrough.Sdk.Kernel;

/// <summary>How far the kernel is closed to root (kernel_lockdown(7)).</summary>
public enum KernelLockdown
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Root cannot change the running kernel: no direct writes to a device's registers through sysfs.</summary>
    Integrity = 1,

    /// <summary>Nor read secrets from it.</summary>
    Confidentiality = 2,
}
