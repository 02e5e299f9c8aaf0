namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The classes of PCI Express errors.</summary>
[Flags]
public enum PciExpressErrorReporting
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Correctable errors.</summary>
    Correctable = 1 << 0,

    /// <summary>Uncorrectable errors that are not fatal.</summary>
    NonFatal = 1 << 1,

    /// <summary>Fatal errors.</summary>
    Fatal = 1 << 2,

    /// <summary>Unsupported requests.</summary>
    UnsupportedRequest = 1 << 3,
}
