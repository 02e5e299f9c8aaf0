namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Process address space IDs, PASID (extended capability 0x001b; PCI Express 6.0, 7.8.9).</summary>
public sealed class ProcessAddressSpaceIdCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal ProcessAddressSpaceIdCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether the function can request execute permission (+4).</summary>
    public bool ExecuteSupported => Bit(Word(0x04), 1);

    /// <summary>Gets whether the function can request privileged access.</summary>
    public bool PrivilegedSupported => Bit(Word(0x04), 2);

    /// <summary>Gets the maximum width of the PASIDs, in bits.</summary>
    public int MaximumWidth => Field(Word(0x04), 8, 5);

    /// <summary>Gets whether PASIDs are enabled (+6).</summary>
    public bool IsEnabled => Bit(Word(0x06), 0);

    /// <summary>Gets whether the function may request execute permission.</summary>
    public bool ExecuteEnable => Bit(Word(0x06), 1);

    /// <summary>Gets whether the function may request privileged access.</summary>
    public bool PrivilegedEnable => Bit(Word(0x06), 2);
}
