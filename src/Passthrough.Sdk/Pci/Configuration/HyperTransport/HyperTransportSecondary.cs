namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A host or secondary interface of HyperTransport (HyperTransport 2.00, 7.5.4).</summary>
public sealed class HyperTransportSecondary
{
    private readonly PciRegisters _registers;

    internal HyperTransportSecondary(PciRegisters registers)
    {
        _registers = registers;
        Link = new(registers, 4, 6, 9, 10);
    }

    /// <summary>Gets whether the host resets the chain with a warm reset (command, +2).</summary>
    public bool WarmReset => PciRegisters.Bit(_registers.Word(0x02), 0);

    /// <summary>Gets whether the chain has a host at the other end, too.</summary>
    public bool DoubleEnded => PciRegisters.Bit(_registers.Word(0x02), 1);

    /// <summary>Gets the device number of the host on its chain.</summary>
    public int DeviceNumber => PciRegisters.Field(_registers.Word(0x02), 2, 5);

    /// <summary>Gets the side of the chain from which the access came.</summary>
    public bool ChainSide => PciRegisters.Bit(_registers.Word(0x02), 7);

    /// <summary>Gets whether the host is hidden from accesses by devices on the chain.</summary>
    public bool HostHide => PciRegisters.Bit(_registers.Word(0x02), 8);

    /// <summary>Gets whether the host acts as a slave.</summary>
    public bool ActAsSlave => PciRegisters.Bit(_registers.Word(0x02), 10);

    /// <summary>Gets whether a request has reached the end of the chain.</summary>
    public bool EndOfChainError => PciRegisters.Bit(_registers.Word(0x02), 11);

    /// <summary>Gets whether the host drops packets for a link that is not initialized.</summary>
    public bool DropOnUninitializedLink => PciRegisters.Bit(_registers.Word(0x02), 12);

    /// <summary>Gets the link of the interface.</summary>
    public HyperTransportLink Link { get; }

    /// <summary>
    /// Gets the revision (+8), the major number times 32, plus the minor number. Below 0x22 the registers that follow do not
    /// exist.
    /// </summary>
    public byte RevisionId => _registers.Byte(0x08);

    /// <summary>Gets the features (+12).</summary>
    public HyperTransportFeatures Features => (HyperTransportFeatures)_registers.Word(0x0c);

    /// <summary>Gets the error handling (+18); only with the extended register set.</summary>
    public HyperTransportErrorHandling ErrorHandling => (HyperTransportErrorHandling)_registers.Word(0x12);

    /// <summary>Gets the upper bits of the base of the prefetchable window (+20); only with the extended register set.</summary>
    public byte MemoryBaseUpper => _registers.Byte(0x14);

    /// <summary>Gets the upper bits of the limit of the prefetchable window (+21); only with the extended register set.</summary>
    public byte MemoryLimitUpper => _registers.Byte(0x15);
}
