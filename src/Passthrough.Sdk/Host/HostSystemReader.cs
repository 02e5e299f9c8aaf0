using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="HostSystem"/> from a host's files.</summary>
internal static class HostSystemReader
{
    public static HostSystem Read(ISysfs files, bool withHandles = false, ValueList<PciAddress> claimsOf = default)
    {
        var kernel = KernelReader.Read(files);
        var cpu = CpuReader.Read(files, kernel.Log);
        return new HostSystem
        {
            Kernel = kernel,
            Boot = BootConfiguration.StatusOf(files),
            Cpu = cpu,
            Environment = EnvironmentReader.Read(files, cpu, kernel.Log),
            Memory = MemoryReader.Read(files),
            Firmware = FirmwareReader.Read(files),
            Modules = ModuleReader.Read(files, kernel.Release, kernel.CommandLine),
            Iommu = IommuReader.Read(files, kernel.Log),
            Usage = UsageReader.Read(files, withHandles, claimsOf),
            Emulator = EmulatorReader.Read(files),
            Credentials = ProcessCredentials.Read(files),
            Vfio = VfioReader.Read(files),
            MediatedDevices = MediatedDeviceReader.Read(files),
            Persistence = PersistenceReader.Read(files),
        };
    }
}
