namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The access controls of PCI Express.</summary>
[Flags]
public enum AccessControls
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Source validation (SV): the port checks that requests come from a bus behind it.</summary>
    SourceValidation = 1 << 0,

    /// <summary>Translation blocking (TB): the port blocks requests whose addresses are marked as already translated.</summary>
    TranslationBlocking = 1 << 1,

    /// <summary>Request redirect (RR): the port redirects peer-to-peer requests upstream to the root complex.</summary>
    RequestRedirect = 1 << 2,

    /// <summary>Completion redirect (CR): the port redirects peer-to-peer completions upstream, too.</summary>
    CompletionRedirect = 1 << 3,

    /// <summary>
    /// Upstream forwarding (UF): the port forwards redirected requests and completions that come from below and lead below.
    /// </summary>
    UpstreamForwarding = 1 << 4,

    /// <summary>Egress control (EC): the port has a vector of the ports that may not be reached.</summary>
    EgressControl = 1 << 5,

    /// <summary>Direct translated (DT): the port lets requests with translated addresses go directly to a peer.</summary>
    DirectTranslated = 1 << 6,

    /// <summary>
    /// Enhanced capability: the port has the access controls of PCI Express 5.0; in the control register, the port blocks
    /// I/O requests.
    /// </summary>
    EnhancedCapability = 1 << 7,
}
