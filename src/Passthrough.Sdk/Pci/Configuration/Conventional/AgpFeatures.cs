namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The features that an AGP function supports, or those that are enabled. In the command register, 0x100 enables AGP itself.
/// </summary>
[Flags]
public enum AgpFeatures
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>AGP 3.0 signalling.</summary>
    Agp3 = 1 << 3,

    /// <summary>Fast writes.</summary>
    FastWrites = 1 << 4,

    /// <summary>Support for addresses above 4 GiB.</summary>
    Addresses64Bit = 1 << 5,

    /// <summary>The host's own accesses are not translated by the aperture.</summary>
    HostTranslation = 1 << 6,

    /// <summary>64-bit entries in the translation table.</summary>
    Gart64 = 1 << 7,

    /// <summary>Accesses through the aperture are coherent.</summary>
    Coherent = 1 << 8,

    /// <summary>Sideband addressing.</summary>
    SidebandAddressing = 1 << 9,

    /// <summary>Isochronous transactions.</summary>
    Isochronous = 1 << 16,
}
