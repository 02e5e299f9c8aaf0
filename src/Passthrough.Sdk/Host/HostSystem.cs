using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.Host;

/// <summary>The facts about a host other than its PCI devices: kernel, processors, firmware, modules, IOMMUs, VFIO.</summary>
/// <remarks>
/// Everything is a fact with its source; a value that the user may not read is unknown, with the reason. Thread safety: immutable.
/// </remarks>
public sealed record HostSystem
{
    /// <summary>Gets the running kernel.</summary>
    public KernelInfo Kernel { get; init; } = new();

    /// <summary>Gets the configuration for the next boot.</summary>
    public BootStatus Boot { get; init; } = new();

    /// <summary>Gets the processors.</summary>
    public CpuInfo Cpu { get; init; } = new();

    /// <summary>Gets the environment of the host.</summary>
    public HostEnvironment Environment { get; init; } = new();

    /// <summary>Gets the memory and how much of it may be locked.</summary>
    public HostMemory Memory { get; init; } = new();

    /// <summary>Gets the firmware's tables about IOMMUs.</summary>
    public FirmwareTables Firmware { get; init; } = new();

    /// <summary>Gets the kernel modules.</summary>
    public KernelModules Modules { get; init; } = new();

    /// <summary>Gets the active IOMMUs.</summary>
    public IommuStatus Iommu { get; init; } = new();

    /// <summary>Gets the uses of the PCI functions.</summary>
    public HostUsage Usage { get; init; } = new();

    /// <summary>Gets the programs that run guests.</summary>
    public EmulatorInfo Emulator { get; init; } = new();

    /// <summary>Gets the user under which all this was read. Source: /proc/self/status.</summary>
    public Fact<ProcessCredentials> Credentials { get; init; }

    /// <summary>Gets VFIO's nodes and settings.</summary>
    public VfioStatus Vfio { get; init; } = new();

    /// <summary>Gets the mediated devices: those that can be created, those that exist, and those that are created after a boot.</summary>
    public MediatedDeviceStatus MediatedDevices { get; init; } = new();

    /// <summary>Gets the functions that are configured for every boot.</summary>
    public PersistenceStatus Persistence { get; init; } = new();
}
