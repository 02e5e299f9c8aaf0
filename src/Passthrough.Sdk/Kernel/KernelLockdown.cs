namespace Passthrough.Sdk.Kernel;

/// <summary>The lockdown modes of the kernel (kernel_lockdown(7)).</summary>
public enum KernelLockdown
{
    /// <summary>The kernel is not locked down.</summary>
    None = 0,

    /// <summary>Root cannot change the running kernel: no direct writes to a device's registers through sysfs.</summary>
    Integrity = 1,

    /// <summary>In addition, root cannot read secrets from the running kernel.</summary>
    Confidentiality = 2,
}
