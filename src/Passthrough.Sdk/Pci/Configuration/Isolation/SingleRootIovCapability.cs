using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Single root I/O virtualization (extended capability 0x0010; PCI Express 6.0, 9.3.3).</summary>
public sealed class SingleRootIovCapability : PciCapability
{
    internal const int MinimumLength = 64;

    internal SingleRootIovCapability(in CapabilityHeader header)
        : base(header)
    {
        VfBars = [.. VirtualFunctionBar.ReadAll(Registers(0x24))];
    }

    /// <summary>Gets whether virtual functions can migrate (+4).</summary>
    public bool MigrationCapable => Bit(DoubleWord(0x04), 0);

    /// <summary>Gets whether it keeps <see cref="AriCapableHierarchy"/> over a reset.</summary>
    public bool AriHierarchyPreserved => Bit(DoubleWord(0x04), 1);

    /// <summary>Gets whether virtual functions can send requests with tags of 10 bits.</summary>
    public bool Tag10RequesterSupported => Bit(DoubleWord(0x04), 2);

    /// <summary>Gets the MSI or MSI-X vector of migration.</summary>
    public int InterruptMessageNumber => Field(DoubleWord(0x04), 21, 11);

    /// <summary>Gets whether the virtual functions exist (VF Enable, +8).</summary>
    public bool IsEnabled => Bit(Word(0x08), 0);

    /// <summary>Gets whether migration is on.</summary>
    public bool MigrationEnable => Bit(Word(0x08), 1);

    /// <summary>Gets whether it interrupts on migration.</summary>
    public bool MigrationInterruptEnable => Bit(Word(0x08), 2);

    /// <summary>Gets whether the virtual functions answer at their memory addresses.</summary>
    public bool MemorySpaceEnable => Bit(Word(0x08), 3);

    /// <summary>Gets whether the port above forwards to functions beyond 7, so that virtual functions may be there.</summary>
    public bool AriCapableHierarchy => Bit(Word(0x08), 4);

    /// <summary>Gets whether virtual functions may send requests with tags of 10 bits.</summary>
    public bool Tag10RequesterEnable => Bit(Word(0x08), 5);

    /// <summary>Gets whether a virtual function asks to migrate (+10).</summary>
    public bool MigrationStatus => Bit(Word(0x0a), 0);

    /// <summary>Gets the virtual functions at first (+12).</summary>
    public ushort InitialFunctions => Word(0x0c);

    /// <summary>Gets the maximum number of virtual functions (+14).</summary>
    public ushort TotalFunctions => Word(0x0e);

    /// <summary>Gets the requested number of virtual functions (NumVFs, +16).</summary>
    public ushort FunctionCount => Word(0x10);

    /// <summary>Gets the function that this one depends on (+18).</summary>
    public byte FunctionDependencyLink => Byte(0x12);

    /// <summary>Gets the difference between this function's routing id and the first virtual function's (+20).</summary>
    public ushort FirstOffset => Word(0x14);

    /// <summary>Gets the difference between the routing ids of two consecutive virtual functions (+22).</summary>
    public ushort Stride => Word(0x16);

    /// <summary>Gets the device id of the virtual functions (+26).</summary>
    public ushort VirtualDeviceId => Word(0x1a);

    /// <summary>Gets the page sizes that it can be laid out for, a bit each from 4096 bytes (+28).</summary>
    public uint SupportedPageSizes => DoubleWord(0x1c);

    /// <summary>Gets the page size it is laid out for (+32).</summary>
    public uint SystemPageSize => DoubleWord(0x20);

    /// <summary>Gets the base address registers of the virtual functions (+36).</summary>
    public ValueList<VirtualFunctionBar> VfBars { get; }

    /// <summary>Gets the BAR with the migration states (+60).</summary>
    public int MigrationStateBar => Field(DoubleWord(0x3c), 0, 3);

    /// <summary>Gets the offset in that BAR.</summary>
    public uint MigrationStateOffset => DoubleWord(0x3c) & ~7u;
}
