namespace Passthrough.Sdk.Libvirt;

/// <summary>Which description of a domain: virDomainXMLFlags.</summary>
[Flags]
public enum DomainXmlOptions
{
    /// <summary>The live one of a running domain, else the persistent one.</summary>
    None = 0,

    /// <summary>With secrets such as passwords (<c>--security-info</c>); not on a read-only connection.</summary>
    Secure = 1 << 0,

    /// <summary>The persistent one, which the next start uses, also while the domain runs (<c>--inactive</c>).</summary>
    Inactive = 1 << 1,

    /// <summary>Without what a migration's target would not understand (<c>--migratable</c>).</summary>
    Migratable = 1 << 3,
}
