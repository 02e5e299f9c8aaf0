namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The roles of a PCI Express function in its hierarchy (PCI Express Capabilities register, bits 7:4).</summary>
public enum PciExpressPortType
{
    /// <summary>PCI Express endpoint.</summary>
    Endpoint = 0,

    /// <summary>Legacy endpoint, which may use I/O space and locked accesses.</summary>
    LegacyEndpoint = 1,

    /// <summary>Root port.</summary>
    RootPort = 4,

    /// <summary>Upstream port of a switch.</summary>
    UpstreamPort = 5,

    /// <summary>Downstream port of a switch.</summary>
    DownstreamPort = 6,

    /// <summary>Bridge from PCI Express to PCI or PCI-X.</summary>
    PciExpressToPciBridge = 7,

    /// <summary>Bridge from PCI or PCI-X to PCI Express.</summary>
    PciToPciExpressBridge = 8,

    /// <summary>Endpoint that is integrated into the root complex.</summary>
    RootComplexIntegratedEndpoint = 9,

    /// <summary>Event collector of the root complex.</summary>
    RootComplexEventCollector = 10,
}
