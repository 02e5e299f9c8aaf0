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

    /// <summary>Resets the chain warm (command, +2).</summary>
    public bool WarmReset => PciRegisters.Bit(_registers.Word(0x02), 0);

    /// <summary>There is a host at the other end, too.</summary>
    public bool DoubleEnded => PciRegisters.Bit(_registers.Word(0x02), 1);

    /// <summary>Device number of the host on its chain.</summary>
    public int DeviceNumber => PciRegisters.Field(_registers.Word(0x02), 2, 5);

    /// <summary>Which side of the chain the access came from.</summary>
    public bool ChainSide => PciRegisters.Bit(_registers.Word(0x02), 7);

    /// <summary>Hidden from accesses of the chain.</summary>
    public bool HostHide => PciRegisters.Bit(_registers.Word(0x02), 8);

    /// <summary>Acts as a slave.</summary>
    public bool ActAsSlave => PciRegisters.Bit(_registers.Word(0x02), 10);

    /// <summary>A request ran off the end of the chain.</summary>
    public bool EndOfChainError => PciRegisters.Bit(_registers.Word(0x02), 11);

    /// <summary>Drops what goes to a link that is not up.</summary>
    public bool DropOnUninitializedLink => PciRegisters.Bit(_registers.Word(0x02), 12);

    /// <summary>The link.</summary>
    public HyperTransportLink Link { get; }

    /// <summary>Revision (+8): major times 32, plus minor. Below 0x22 the registers beyond it do not exist.</summary>
    public byte RevisionId => _registers.Byte(0x08);

    /// <summary>Features (+12).</summary>
    public HyperTransportFeatures Features => (HyperTransportFeatures)_registers.Word(0x0c);

    /// <summary>Error handling (+18); only with the extended register set.</summary>
    public HyperTransportErrorHandling ErrorHandling => (HyperTransportErrorHandling)_registers.Word(0x12);

    /// <summary>Upper bits of the prefetchable window's base (+20); only with the extended register set.</summary>
    public byte MemoryBaseUpper => _registers.Byte(0x14);

    /// <summary>Upper bits of the prefetchable window's limit (+21); only with the extended register set.</summary>
    public byte MemoryLimitUpper => _registers.Byte(0x15);
}
