namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The ordered sets, and the states of the link, into which errors can be injected.</summary>
[Flags]
public enum FlitOrderedSets
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>The TS0 ordered set.</summary>
    TS0 = 1 << 0,

    /// <summary>The TS1 ordered set.</summary>
    TS1 = 1 << 1,

    /// <summary>The TS2 ordered set.</summary>
    TS2 = 1 << 2,

    /// <summary>The SKP ordered set.</summary>
    Skp = 1 << 3,

    /// <summary>The electrical idle exit ordered set (EIEOS).</summary>
    Eieos = 1 << 4,

    /// <summary>The electrical idle ordered set (EIOS).</summary>
    Eios = 1 << 5,

    /// <summary>The start of data stream ordered set (SDS).</summary>
    Sds = 1 << 6,

    /// <summary>While the link is in the Polling state.</summary>
    Polling = 1 << 7,

    /// <summary>While the link is in the Configuration state.</summary>
    Configuration = 1 << 8,

    /// <summary>While the link is in L0.</summary>
    L0 = 1 << 9,

    /// <summary>While the link is in the Recovery state, without equalization.</summary>
    RecoveryWithoutEqualization = 1 << 10,

    /// <summary>While the link is in phase 0 or 1 of equalization.</summary>
    EqualizationPhase01 = 1 << 11,

    /// <summary>While the link is in phase 2 of equalization.</summary>
    EqualizationPhase2 = 1 << 12,

    /// <summary>While the link is in phase 3 of equalization.</summary>
    EqualizationPhase3 = 1 << 13,
}
