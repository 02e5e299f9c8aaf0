namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Lightweight notification requester (extended capability 0x001c; PCI Express 5.0, 7.9.14).</summary>
public sealed class LnRequesterCapability : PciCapability
{
    internal const int MinimumLength = 8;

    internal LnRequesterCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets whether cache lines of 64 bytes are supported (+4).</summary>
    public bool Line64Supported => Bit(Word(0x04), 0);

    /// <summary>Gets whether cache lines of 128 bytes are supported.</summary>
    public bool Line128Supported => Bit(Word(0x04), 1);

    /// <summary>Gets the base-2 logarithm of the number of registrations that the function supports.</summary>
    public int RegistrationMaximum => Field(Word(0x04), 8, 5);

    /// <summary>Gets whether the requester is enabled (+6).</summary>
    public bool IsEnabled => Bit(Word(0x06), 0);

    /// <summary>Gets the base-2 logarithm of the number of registrations that the function may make.</summary>
    public int RegistrationLimit => Field(Word(0x06), 8, 5);
}
