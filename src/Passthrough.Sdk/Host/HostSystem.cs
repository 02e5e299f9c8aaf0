
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Host;

/// <summary>What a host says about itself, beside its PCI devices: kernel, processors, firmware, modules, IOMMUs, VFIO.</summary>
/// <remarks>
/// Everything is a fact with its source; what an ordinary user may not read is unknown with the reason. Thread safety: immutable.
/// </remarks>
public sealed record HostSystem
{
    /// <summary>The running kernel.</summary>
    public KernelInfo Kernel { get; init; } = new();

    /// <summary>What is configured for the next boot.</summary>
    public BootStatus Boot { get; init; } = new();

    /// <summary>The processors.</summary>
    public CpuInfo Cpu { get; init; } = new();

    /// <summary>What the host runs on and in.</summary>
    public HostEnvironment Environment { get; init; } = new();

    /// <summary>Memory and how much of it may be locked.</summary>
    public HostMemory Memory { get; init; } = new();

    /// <summary>What the firmware says of IOMMUs.</summary>
    public FirmwareTables Firmware { get; init; } = new();

    /// <summary>The kernel modules.</summary>
    public KernelModules Modules { get; init; } = new();

    /// <summary>The IOMMUs at work.</summary>
    public IommuStatus Iommu { get; init; } = new();

    /// <summary>What hangs on the PCI functions.</summary>
    public HostUsage Usage { get; init; } = new();

    /// <summary>The programs that run guests.</summary>
    public EmulatorInfo Emulator { get; init; } = new();

    /// <summary>As whom all this was read, which tells what that user may do. Source: /proc/self/status.</summary>
    public Fact<ProcessCredentials> Credentials { get; init; }

    /// <summary>VFIO's nodes and settings.</summary>
    public VfioStatus Vfio { get; init; } = new();
}
