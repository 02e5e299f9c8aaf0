namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The control register of a stream of encrypted packets (PCI Express 6.0, 7.9.26.4.1 and 7.9.26.5.2).</summary>
public sealed class IdeStreamControl
{
    private readonly uint _value;

    internal IdeStreamControl(uint value) => _value = value;

    /// <summary>Gets whether the stream is on.</summary>
    public bool IsEnabled => PciRegisters.Bit(_value, 0);

    /// <summary>Gets whether its packets carry the bit that tells trusted memory.</summary>
    public bool ExtendedTeeEnable => PciRegisters.Bit(_value, 1);

    /// <summary>Gets the non-posted packets that may share one check; 1, 2, 4 or 8.</summary>
    public int NonPostedAggregation => 1 << PciRegisters.Field(_value, 2, 2);

    /// <summary>Gets the posted packets that may share one check; 1, 2, 4 or 8.</summary>
    public int PostedAggregation => 1 << PciRegisters.Field(_value, 4, 2);

    /// <summary>Gets the completions that may share one check; 1, 2, 4 or 8.</summary>
    public int CompletionAggregation => 1 << PciRegisters.Field(_value, 6, 2);

    /// <summary>Gets whether a checksum of the plain text is sent along.</summary>
    public bool PlaintextChecksumEnable => PciRegisters.Bit(_value, 8);

    /// <summary>Gets whether configuration requests use the stream; only for selective streams.</summary>
    public bool ConfigurationEnable => PciRegisters.Bit(_value, 9);

    /// <summary>Gets how much of the address is encrypted, too: 0 nothing, 1 bits 17:2, 2 25:2, 3 33:2, 4 41:2.</summary>
    public int HeaderEncryption => PciRegisters.Field(_value, 10, 4);

    /// <summary>Gets the algorithm in use, as a code; 0 is AES-GCM with keys of 256 bits and tags of 96 bits.</summary>
    public int Algorithm => PciRegisters.Field(_value, 14, 5);

    /// <summary>Gets the traffic class of the stream.</summary>
    public int TrafficClass => PciRegisters.Field(_value, 19, 3);

    /// <summary>Gets whether it is the default stream for traffic that no other stream accepts; only for selective streams.</summary>
    public bool IsDefault => PciRegisters.Bit(_value, 22);

    /// <summary>Gets whether only trusted packets may use it; only for selective streams.</summary>
    public bool IsTeeLimited => PciRegisters.Bit(_value, 23);

    /// <summary>Gets the id of the stream.</summary>
    public int StreamId => PciRegisters.Field(_value, 24, 8);
}
