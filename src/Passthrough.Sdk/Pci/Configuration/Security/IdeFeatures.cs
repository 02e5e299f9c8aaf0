namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The features of integrity and data encryption, as bits of the register.</summary>
[Flags]
public enum IdeFeatures
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Streams of a link.</summary>
    LinkStreams = 1 << 0,

    /// <summary>Streams between two functions.</summary>
    SelectiveStreams = 1 << 1,

    /// <summary>Lets encrypted packets through.</summary>
    FlowThrough = 1 << 2,

    /// <summary>Encrypts parts of the address.</summary>
    PartialHeaderEncryption = 1 << 3,

    /// <summary>Lets packets share one check.</summary>
    Aggregation = 1 << 4,

    /// <summary>Sends a checksum of the plain text.</summary>
    PlaintextChecksum = 1 << 5,

    /// <summary>Takes keys by the standard protocol.</summary>
    KeyManagement = 1 << 6,

    /// <summary>Encrypts configuration requests.</summary>
    SelectiveConfiguration = 1 << 7,

    /// <summary>Streams for trusted packets alone.</summary>
    TeeLimited = 1 << 24,

    /// <summary>Tells trusted memory.</summary>
    ExtendedTee = 1 << 25,
}
