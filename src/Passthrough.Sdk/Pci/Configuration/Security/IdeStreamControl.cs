namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The control register of an encrypted (IDE) stream (PCI Express 6.0, 7.9.26.4.1 and 7.9.26.5.2).</summary>
public sealed class IdeStreamControl
{
    private readonly uint _value;

    internal IdeStreamControl(uint value) => _value = value;

    /// <summary>Gets whether the stream is enabled.</summary>
    public bool IsEnabled => PciRegisters.Bit(_value, 0);

    /// <summary>Gets whether the packets of the stream carry the bit that marks trusted memory (XT mode).</summary>
    public bool ExtendedTeeEnable => PciRegisters.Bit(_value, 1);

    /// <summary>Gets the maximum number of non-posted packets that share one integrity check: 1, 2, 4 or 8.</summary>
    public int NonPostedAggregation => 1 << PciRegisters.Field(_value, 2, 2);

    /// <summary>Gets the maximum number of posted packets that share one integrity check: 1, 2, 4 or 8.</summary>
    public int PostedAggregation => 1 << PciRegisters.Field(_value, 4, 2);

    /// <summary>Gets the maximum number of completions that share one integrity check: 1, 2, 4 or 8.</summary>
    public int CompletionAggregation => 1 << PciRegisters.Field(_value, 6, 2);

    /// <summary>Gets whether a checksum of the plaintext is sent with the packets (PCRC).</summary>
    public bool PlaintextChecksumEnable => PciRegisters.Bit(_value, 8);

    /// <summary>Gets whether configuration requests use the stream; only for selective streams.</summary>
    public bool ConfigurationEnable => PciRegisters.Bit(_value, 9);

    /// <summary>
    /// Gets the part of the address that is encrypted, too: 0 for none, 1 for bits 17:2, 2 for 25:2, 3 for 33:2, 4 for 41:2.
    /// </summary>
    public int HeaderEncryption => PciRegisters.Field(_value, 10, 4);

    /// <summary>Gets the code of the algorithm in use; 0 is AES-GCM with 256-bit keys and 96-bit tags.</summary>
    public int Algorithm => PciRegisters.Field(_value, 14, 5);

    /// <summary>Gets the traffic class of the stream.</summary>
    public int TrafficClass => PciRegisters.Field(_value, 19, 3);

    /// <summary>Gets whether the stream is the default for traffic that no other stream accepts; only for selective streams.</summary>
    public bool IsDefault => PciRegisters.Bit(_value, 22);

    /// <summary>Gets whether only trusted packets may use the stream; only for selective streams.</summary>
    public bool IsTeeLimited => PciRegisters.Bit(_value, 23);

    /// <summary>Gets the ID of the stream.</summary>
    public int StreamId => PciRegisters.Field(_value, 24, 8);
}
