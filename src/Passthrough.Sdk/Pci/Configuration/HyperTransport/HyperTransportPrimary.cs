using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// A slave or primary interface of HyperTransport (HyperTransport 2.00, 7.5.3). Links 0 and 1 are the links of its two sides.
/// </summary>
public sealed class HyperTransportPrimary
{
    private readonly PciRegisters _registers;

    internal HyperTransportPrimary(PciRegisters registers)
    {
        _registers = registers;
        Links = [new(registers, 4, 6, 13, 14), new(registers, 8, 10, 17, 18)];
    }

    /// <summary>Gets the first UnitID of the device (command, +2).</summary>
    public int BaseUnitId => PciRegisters.Field(_registers.Word(0x02), 0, 5);

    /// <summary>Gets the number of UnitIDs that the device uses.</summary>
    public int UnitCount => PciRegisters.Field(_registers.Word(0x02), 5, 5);

    /// <summary>Gets whether link 1 leads to the master host.</summary>
    public bool MasterHost => PciRegisters.Bit(_registers.Word(0x02), 10);

    /// <summary>Gets whether the device sends requests towards the slave host by default.</summary>
    public bool DefaultDirection => PciRegisters.Bit(_registers.Word(0x02), 11);

    /// <summary>Gets whether the device drops packets for a link that is not initialized.</summary>
    public bool DropOnUninitializedLink => PciRegisters.Bit(_registers.Word(0x02), 12);

    /// <summary>Gets the two links of the interface.</summary>
    public ValueList<HyperTransportLink> Links { get; }

    /// <summary>
    /// Gets the revision (+12), the major number times 32, plus the minor number. Below 0x22 the registers that follow do
    /// not exist.
    /// </summary>
    public byte RevisionId => _registers.Byte(0x0c);

    /// <summary>Gets the features (+16).</summary>
    public HyperTransportFeatures Features => (HyperTransportFeatures)_registers.Byte(0x10);

    /// <summary>Gets the error handling (+22).</summary>
    public HyperTransportErrorHandling ErrorHandling => (HyperTransportErrorHandling)_registers.Word(0x16);

    /// <summary>Gets the upper bits of the base of the prefetchable window (+24).</summary>
    public byte MemoryBaseUpper => _registers.Byte(0x18);

    /// <summary>Gets the upper bits of the limit of the prefetchable window (+25).</summary>
    public byte MemoryLimitUpper => _registers.Byte(0x19);

    /// <summary>Gets the bus number (+26).</summary>
    public byte BusNumber => _registers.Byte(0x1a);
}
