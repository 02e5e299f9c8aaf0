namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Ordered sets and states of the link that errors can be injected into.</summary>
[Flags]
public enum FlitOrderedSets
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>TS0.</summary>
    TS0 = 1 << 0,

    /// <summary>TS1.</summary>
    TS1 = 1 << 1,

    /// <summary>TS2.</summary>
    TS2 = 1 << 2,

    /// <summary>SKP.</summary>
    Skp = 1 << 3,

    /// <summary>EIEOS.</summary>
    Eieos = 1 << 4,

    /// <summary>EIOS.</summary>
    Eios = 1 << 5,

    /// <summary>SDS.</summary>
    Sds = 1 << 6,

    /// <summary>While polling.</summary>
    Polling = 1 << 7,

    /// <summary>While configuring.</summary>
    Configuration = 1 << 8,

    /// <summary>In L0.</summary>
    L0 = 1 << 9,

    /// <summary>In recovery without equalization.</summary>
    RecoveryWithoutEqualization = 1 << 10,

    /// <summary>In phases 0 and 1 of equalization.</summary>
    EqualizationPhase01 = 1 << 11,

    /// <summary>In phase 2 of equalization.</summary>
    EqualizationPhase2 = 1 << 12,

    /// <summary>In phase 3 of equalization.</summary>
    EqualizationPhase3 = 1 << 13,
}
