namespace Passthrough.Sdk.Iommu;

/// <summary>The reasons why a function does not isolate the functions below or beside it.</summary>
public enum IsolationGapKind
{
    /// <summary>Unknown: its configuration space was not captured, or only the part that every user may read.</summary>
    Unknown = 0,

    /// <summary>It has no access control services at all.</summary>
    NoAccessControl = 1,

    /// <summary>It has access control services, but the required ones are not enabled.</summary>
    NotEnabled = 2,

    /// <summary>It is conventional PCI, where every function can reach every other and requests carry the bridge's address.</summary>
    ConventionalPci = 3,
}
