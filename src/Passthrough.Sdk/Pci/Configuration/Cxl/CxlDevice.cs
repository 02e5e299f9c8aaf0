using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A CXL device (DVSEC structure 0; CXL 3.0, 8.1.3).</summary>
public sealed class CxlDevice
{
    private readonly PciRegisters _registers;

    internal CxlDevice(PciRegisters registers, bool hasCapability3)
    {
        _registers = registers;
        _hasCapability3 = hasCapability3;
        Ranges = [CxlMemoryRange.Read(registers.Skip(0x18)), CxlMemoryRange.Read(registers.Skip(0x28))];
    }

    /// <summary>Gets whether the device supports CXL.cache (+10).</summary>
    public bool CacheCapable => PciRegisters.Bit(_registers.Word(0x0a), 0);

    /// <summary>Gets whether the device supports CXL.io.</summary>
    public bool IoCapable => PciRegisters.Bit(_registers.Word(0x0a), 1);

    /// <summary>Gets whether the device supports CXL.mem.</summary>
    public bool MemoryCapable => PciRegisters.Bit(_registers.Word(0x0a), 2);

    /// <summary>Gets whether the hardware initializes the device's memory without software.</summary>
    public bool MemoryHardwareInit => PciRegisters.Bit(_registers.Word(0x0a), 3);

    /// <summary>Gets the number of memory ranges of the device.</summary>
    public int RangeCount => PciRegisters.Field(_registers.Word(0x0a), 4, 2);

    /// <summary>Gets whether the device supports viral handling.</summary>
    public bool ViralCapable => PciRegisters.Bit(_registers.Word(0x0a), 14);

    /// <summary>Gets whether CXL.cache is enabled (+12).</summary>
    public bool CacheEnable => PciRegisters.Bit(_registers.Word(0x0c), 0);

    /// <summary>Gets whether CXL.io is enabled.</summary>
    public bool IoEnable => PciRegisters.Bit(_registers.Word(0x0c), 1);

    /// <summary>Gets whether CXL.mem is enabled.</summary>
    public bool MemoryEnable => PciRegisters.Bit(_registers.Word(0x0c), 2);

    /// <summary>
    /// Gets the amount of the device's cache that the host's snoop filter covers, in bytes as a power of two; 0 for none.
    /// </summary>
    public int SnoopFilterCoverage => PciRegisters.Field(_registers.Word(0x0c), 3, 5);

    /// <summary>Gets the code of the granularity of the host's snoop filter.</summary>
    public int SnoopFilterGranularity => PciRegisters.Field(_registers.Word(0x0c), 8, 3);

    /// <summary>Gets whether the device need not report the eviction of clean cache lines.</summary>
    public bool CleanEvictionHint => PciRegisters.Bit(_registers.Word(0x0c), 11);

    /// <summary>Gets whether viral handling is enabled.</summary>
    public bool ViralEnable => PciRegisters.Bit(_registers.Word(0x0c), 14);

    /// <summary>Gets whether the device is in the viral state (+14).</summary>
    public bool ViralStatus => PciRegisters.Bit(_registers.Word(0x0e), 14);

    /// <summary>Gets whether the device is prevented from caching data (+16).</summary>
    public bool DisableCaching => PciRegisters.Bit(_registers.Word(0x10), 0);

    /// <summary>Gets whether the device is requested to write its cache back.</summary>
    public bool InitiateWriteBack => PciRegisters.Bit(_registers.Word(0x10), 1);

    /// <summary>Gets whether a CXL reset is requested.</summary>
    public bool InitiateReset => PciRegisters.Bit(_registers.Word(0x10), 2);

    /// <summary>Gets whether the device clears its memory during a CXL reset.</summary>
    public bool ResetMemoryClear => PciRegisters.Bit(_registers.Word(0x10), 3);

    /// <summary>Gets whether the device keeps the content of volatile memory over a hot reset.</summary>
    public bool DesiredVolatileStateAfterHotReset => PciRegisters.Bit(_registers.Word(0x10), 4);

    /// <summary>Gets whether all lines of the device's cache are invalid (+18).</summary>
    public bool CacheInvalid => PciRegisters.Bit(_registers.Word(0x12), 0);

    /// <summary>Gets whether the CXL reset is complete.</summary>
    public bool ResetComplete => PciRegisters.Bit(_registers.Word(0x12), 1);

    /// <summary>Gets whether the CXL reset has failed.</summary>
    public bool ResetError => PciRegisters.Bit(_registers.Word(0x12), 2);

    /// <summary>Gets whether the initialization of power management is complete.</summary>
    public bool PowerManagementComplete => PciRegisters.Bit(_registers.Word(0x12), 15);

    /// <summary>Gets the unit of <see cref="CacheSize"/>: 0 for not reported, 1 for 64 KiB, 2 for 1 MiB (+22).</summary>
    public int CacheSizeUnit => PciRegisters.Field(_registers.Word(0x16), 0, 4);

    /// <summary>Gets the size of the device's cache, in the unit of <see cref="CacheSizeUnit"/>.</summary>
    public int CacheSize => PciRegisters.Field(_registers.Word(0x16), 8, 8);

    /// <summary>Gets the two memory ranges, of which <see cref="RangeCount"/> are in use.</summary>
    public ValueList<CxlMemoryRange> Ranges { get; }

    /// <summary>Gets whether volatile memory is cleared by a cold reset (+56); null before revision 2.</summary>
    public bool? DefaultVolatileStateAfterColdReset => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 0) : null;

    /// <summary>Gets whether volatile memory is cleared by a warm reset; null before revision 2.</summary>
    public bool? DefaultVolatileStateAfterWarmReset => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 1) : null;

    /// <summary>Gets whether volatile memory is cleared by a hot reset; null before revision 2.</summary>
    public bool? DefaultVolatileStateAfterHotReset => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 2) : null;

    /// <summary>Gets whether the state of volatile memory after a reset can be configured; null before revision 2.</summary>
    public bool? VolatileStateConfigurable => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 3) : null;

    private readonly bool _hasCapability3;
}
