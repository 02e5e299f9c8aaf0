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

    /// <summary>Gets whether it supports CXL.cache (+10).</summary>
    public bool CacheCapable => PciRegisters.Bit(_registers.Word(0x0a), 0);

    /// <summary>Gets whether it supports CXL.io.</summary>
    public bool IoCapable => PciRegisters.Bit(_registers.Word(0x0a), 1);

    /// <summary>Gets whether it supports CXL.mem.</summary>
    public bool MemoryCapable => PciRegisters.Bit(_registers.Word(0x0a), 2);

    /// <summary>Gets whether it readies its memory without software.</summary>
    public bool MemoryHardwareInit => PciRegisters.Bit(_registers.Word(0x0a), 3);

    /// <summary>Gets the memory ranges that it has.</summary>
    public int RangeCount => PciRegisters.Field(_registers.Word(0x0a), 4, 2);

    /// <summary>Gets whether it can carry on the viral state.</summary>
    public bool ViralCapable => PciRegisters.Bit(_registers.Word(0x0a), 14);

    /// <summary>Gets whether CXL.cache is on (+12).</summary>
    public bool CacheEnable => PciRegisters.Bit(_registers.Word(0x0c), 0);

    /// <summary>Gets whether CXL.io is on.</summary>
    public bool IoEnable => PciRegisters.Bit(_registers.Word(0x0c), 1);

    /// <summary>Gets whether CXL.mem is on.</summary>
    public bool MemoryEnable => PciRegisters.Bit(_registers.Word(0x0c), 2);

    /// <summary>Gets the cache that the host follows: 2 to the power of this, in bytes; 0 for none.</summary>
    public int SnoopFilterCoverage => PciRegisters.Field(_registers.Word(0x0c), 3, 5);

    /// <summary>Gets the granularity of that.</summary>
    public int SnoopFilterGranularity => PciRegisters.Field(_registers.Word(0x0c), 8, 3);

    /// <summary>Gets whether it need not report clean lines that it drops.</summary>
    public bool CleanEvictionHint => PciRegisters.Bit(_registers.Word(0x0c), 11);

    /// <summary>Gets whether it carries on the viral state.</summary>
    public bool ViralEnable => PciRegisters.Bit(_registers.Word(0x0c), 14);

    /// <summary>Gets whether it is in the viral state (+14).</summary>
    public bool ViralStatus => PciRegisters.Bit(_registers.Word(0x0e), 14);

    /// <summary>Gets whether it may not cache (+16).</summary>
    public bool DisableCaching => PciRegisters.Bit(_registers.Word(0x10), 0);

    /// <summary>Gets whether it writes its cache back.</summary>
    public bool InitiateWriteBack => PciRegisters.Bit(_registers.Word(0x10), 1);

    /// <summary>Gets whether it starts a CXL reset.</summary>
    public bool InitiateReset => PciRegisters.Bit(_registers.Word(0x10), 2);

    /// <summary>Gets whether it clears its memory in a CXL reset.</summary>
    public bool ResetMemoryClear => PciRegisters.Bit(_registers.Word(0x10), 3);

    /// <summary>Gets whether it keeps volatile memory over a hot reset.</summary>
    public bool DesiredVolatileStateAfterHotReset => PciRegisters.Bit(_registers.Word(0x10), 4);

    /// <summary>Gets whether its cache is empty (+18).</summary>
    public bool CacheInvalid => PciRegisters.Bit(_registers.Word(0x12), 0);

    /// <summary>Gets whether the CXL reset is complete.</summary>
    public bool ResetComplete => PciRegisters.Bit(_registers.Word(0x12), 1);

    /// <summary>Gets whether the CXL reset has failed.</summary>
    public bool ResetError => PciRegisters.Bit(_registers.Word(0x12), 2);

    /// <summary>Gets whether power management is set up.</summary>
    public bool PowerManagementComplete => PciRegisters.Bit(_registers.Word(0x12), 15);

    /// <summary>Gets the unit of <see cref="CacheSize"/>: 0 not told, 1 64 KiB, 2 1 MiB (+22).</summary>
    public int CacheSizeUnit => PciRegisters.Field(_registers.Word(0x16), 0, 4);

    /// <summary>Gets the size of the cache.</summary>
    public int CacheSize => PciRegisters.Field(_registers.Word(0x16), 8, 8);

    /// <summary>Gets the two ranges of memory; <see cref="RangeCount"/> of them are in use.</summary>
    public ValueList<CxlMemoryRange> Ranges { get; }

    /// <summary>Gets whether volatile memory is cleared by a cold reset (+56); null before revision 2.</summary>
    public bool? DefaultVolatileStateAfterColdReset => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 0) : null;

    /// <summary>Gets whether volatile memory is cleared by a warm reset; null before revision 2.</summary>
    public bool? DefaultVolatileStateAfterWarmReset => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 1) : null;

    /// <summary>Gets whether volatile memory is cleared by a hot reset; null before revision 2.</summary>
    public bool? DefaultVolatileStateAfterHotReset => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 2) : null;

    /// <summary>Gets whether this can be chosen; null before revision 2.</summary>
    public bool? VolatileStateConfigurable => _hasCapability3 ? PciRegisters.Bit(_registers.Word(0x38), 3) : null;

    private readonly bool _hasCapability3;
}
