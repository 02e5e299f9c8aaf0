namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The kinds of HyperTransport capabilities.</summary>
public enum HyperTransportKind
{
    /// <summary>Slave or primary interface.</summary>
    Primary = 0,

    /// <summary>Host or secondary interface.</summary>
    Secondary = 4,

    /// <summary>Switch.</summary>
    Switch = 8,

    /// <summary>Interrupt discovery and configuration.</summary>
    InterruptDiscovery = 16,

    /// <summary>Revision id.</summary>
    RevisionId = 17,

    /// <summary>UnitID clumping.</summary>
    UnitIdClumping = 18,

    /// <summary>Access to the extended configuration space.</summary>
    ExtendedConfigurationAccess = 19,

    /// <summary>Address mapping.</summary>
    AddressMapping = 20,

    /// <summary>MSI mapping.</summary>
    MsiMapping = 21,

    /// <summary>Direct route.</summary>
    DirectRoute = 22,

    /// <summary>Virtual channel sets.</summary>
    VirtualChannelSet = 23,

    /// <summary>Retry mode.</summary>
    RetryMode = 24,

    /// <summary>Reserved for x86.</summary>
    X86 = 25,
}
