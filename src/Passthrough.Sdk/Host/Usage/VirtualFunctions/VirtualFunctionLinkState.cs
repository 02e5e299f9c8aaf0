namespace Passthrough.Sdk.Host.Usage;

/// <summary>The link state that a virtual function sees.</summary>
public enum VirtualFunctionLinkState
{
    /// <summary>The state of the physical function's link.</summary>
    Auto = 0,

    /// <summary>Always up, so that virtual functions of the same card reach each other without a cable.</summary>
    Enabled = 1,

    /// <summary>Always down.</summary>
    Disabled = 2,
}
