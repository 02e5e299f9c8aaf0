using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Single root I/O virtualization, SR-IOV (extended capability 0x0010; PCI Express 6.0, 9.3.3).</summary>
public sealed class SingleRootIovCapability : PciCapability
{
    internal const int MinimumLength = 64;

    internal SingleRootIovCapability(in CapabilityHeader header)
        : base(header)
    {
        VfBars = [.. VirtualFunctionBar.ReadAll(Registers(0x24))];
    }

    /// <summary>Gets whether the function supports the migration of virtual functions (+4).</summary>
    public bool MigrationCapable => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether the function preserves <see cref="AriCapableHierarchy"/> across a reset.</summary>
    public bool AriHierarchyPreserved => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether virtual functions support 10-bit tags as requesters.</summary>
    public bool Tag10RequesterSupported => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets the MSI or MSI-X vector of migration interrupts.</summary>
    public int InterruptMessageNumber => Field(DoubleWord(0x04), 21, 11);

    /// <summary>Gets whether the virtual functions are enabled (VF Enable, +8).</summary>
    public bool IsEnabled => Bit(Word(0x08), 0);

    /// <summary>Gets whether migration is enabled.</summary>
    public bool MigrationEnable => Bit(Word(0x08), 1);

    /// <summary>Gets whether the function interrupts on migration events.</summary>
    public bool MigrationInterruptEnable => Bit(Word(0x08), 2);

    /// <summary>Gets whether the virtual functions respond to memory accesses (VF MSE).</summary>
    public bool MemorySpaceEnable => Bit(Word(0x08), 3);

    /// <summary>
    /// Gets whether the port above forwards requests to functions beyond 7 (ARI), so that virtual functions can use those numbers.
    /// </summary>
    public bool AriCapableHierarchy => Bit(Word(0x08), 4);

    /// <summary>Gets whether virtual functions may use 10-bit tags as requesters.</summary>
    public bool Tag10RequesterEnable => Bit(Word(0x08), 5);

    /// <summary>Gets whether a virtual function requests a migration (+10).</summary>
    public bool MigrationStatus => Bit(Word(0x0a), 0);

    /// <summary>Gets the initial number of virtual functions (InitialVFs, +12).</summary>
    public ushort InitialFunctions => Word(0x0c);

    /// <summary>Gets the maximum number of virtual functions (TotalVFs, +14).</summary>
    public ushort TotalFunctions => Word(0x0e);

    /// <summary>Gets the requested number of virtual functions (NumVFs, +16).</summary>
    public ushort FunctionCount => Word(0x10);

    /// <summary>Gets the number of the function on which this function depends (+18).</summary>
    public byte FunctionDependencyLink => Byte(0x12);

    /// <summary>
    /// Gets the difference between the routing ID of this function and that of the first virtual function (First VF Offset, +20).
    /// </summary>
    public ushort FirstOffset => Word(0x14);

    /// <summary>Gets the difference between the routing IDs of two consecutive virtual functions (VF Stride, +22).</summary>
    public ushort Stride => Word(0x16);

    /// <summary>Gets the device id of the virtual functions (+26).</summary>
    public ushort VirtualDeviceId => Word(0x1a);

    /// <summary>Gets the supported page sizes, one bit each from 4096 bytes upwards (+28).</summary>
    public uint SupportedPageSizes => DoubleWord(0x1c);

    /// <summary>Gets the page size in use, coded as <see cref="SupportedPageSizes"/> (+32).</summary>
    public uint SystemPageSize => DoubleWord(0x20);

    /// <summary>Gets the base address registers of the virtual functions (+36).</summary>
    public ValueList<VirtualFunctionBar> VfBars { get; }

    /// <summary>Gets the number of the BAR that contains the migration state array (+60).</summary>
    public int MigrationStateBar => Field(DoubleWord(0x3c), 0, 3);

    /// <summary>Gets the offset of the migration state array in that BAR, in bytes.</summary>
    public uint MigrationStateOffset => DoubleWord(0x3c) & ~7u;
}
