namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The features of integrity and data encryption (IDE), as bits of the capability register.</summary>
[Flags]
public enum IdeFeatures
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Link streams are supported.</summary>
    LinkStreams = 1 << 0,

    /// <summary>Selective streams, between two functions, are supported.</summary>
    SelectiveStreams = 1 << 1,

    /// <summary>The port can pass encrypted packets through (flow-through).</summary>
    FlowThrough = 1 << 2,

    /// <summary>Parts of the header's address can be encrypted (partial header encryption).</summary>
    PartialHeaderEncryption = 1 << 3,

    /// <summary>Several packets can share one integrity check (aggregation).</summary>
    Aggregation = 1 << 4,

    /// <summary>A checksum of the plaintext can be sent with a packet (PCRC).</summary>
    PlaintextChecksum = 1 << 5,

    /// <summary>Keys are managed with the standard protocol (IDE_KM).</summary>
    KeyManagement = 1 << 6,

    /// <summary>Selective streams can carry configuration requests.</summary>
    SelectiveConfiguration = 1 << 7,

    /// <summary>Selective streams can be limited to trusted packets (TEE-limited streams).</summary>
    TeeLimited = 1 << 24,

    /// <summary>Packets can mark trusted memory (XT mode).</summary>
    ExtendedTee = 1 << 25,
}
