namespace Passthrough.Sdk.Libvirt;

/// <summary>Selects the description of a domain: virDomainXMLFlags.</summary>
[Flags]
public enum DomainXmlOptions
{
    /// <summary>The live description of a running domain, otherwise the persistent one.</summary>
    None = 0,

    /// <summary>With secrets such as passwords (<c>--security-info</c>); not on a read-only connection.</summary>
    Secure = 1 << 0,

    /// <summary>The persistent description, which the next start uses, even if the domain is running (<c>--inactive</c>).</summary>
    Inactive = 1 << 1,

    /// <summary>Without the parts that the target of a migration would not understand (<c>--migratable</c>).</summary>
    Migratable = 1 << 3,
}
