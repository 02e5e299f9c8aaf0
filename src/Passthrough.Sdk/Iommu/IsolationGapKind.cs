namespace Passthrough.Sdk.Iommu;

/// <summary>Why a function does not keep the functions below or beside it apart.</summary>
public enum IsolationGapKind
{
    /// <summary>Nobody could tell: its configuration space was not captured, or not beyond the part everybody may read.</summary>
    Unknown = 0,

    /// <summary>It has no access control services at all.</summary>
    NoAccessControl = 1,

    /// <summary>It has access control services, and what is missing is switched off.</summary>
    NotEnabled = 2,

    /// <summary>It speaks conventional PCI, where any function can reach any other and requests carry the bridge's name.</summary>
    ConventionalPci = 3,
}
