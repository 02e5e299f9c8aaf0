namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The access controls of PCI Express.</summary>
[Flags]
public enum AccessControls
{
    /// <summary>No bit is set.</summary>
    None = 0,

    /// <summary>Checks that requests come from a bus behind the port (SV).</summary>
    SourceValidation = 1 << 0,

    /// <summary>Blocks addresses that say they are translated already (TB).</summary>
    TranslationBlocking = 1 << 1,

    /// <summary>Sends requests among peers up to the root complex (RR).</summary>
    RequestRedirect = 1 << 2,

    /// <summary>Sends their completions up, too (CR).</summary>
    CompletionRedirect = 1 << 3,

    /// <summary>Forwards what comes from below and leads below (UF).</summary>
    UpstreamForwarding = 1 << 4,

    /// <summary>Has a vector of ports that may not be reached (EC).</summary>
    EgressControl = 1 << 5,

    /// <summary>Lets translated requests go straight to a peer (DT).</summary>
    DirectTranslated = 1 << 6,

    /// <summary>Has the controls of PCI Express 5.0; of the control register: blocks I/O requests.</summary>
    EnhancedCapability = 1 << 7,
}
