namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A range of addresses that a bridge forwards to its far side.</summary>
/// <param name="Base">First address.</param>
/// <param name="Limit">Last address.</param>
/// <param name="Width">Bits of the addresses: 16 or 32 for I/O ports, 32 or 64 for memory.</param>
public sealed record BridgeWindow(ulong Base, ulong Limit, int Width)
{
    /// <summary>Gets whether anything is forwarded; a base above the limit closes the window.</summary>
    public bool IsOpen => Base <= Limit;

    /// <summary>Gets the bytes that are forwarded; 0 for a closed window.</summary>
    public ulong Size => IsOpen ? Limit - Base + 1 : 0;
}
