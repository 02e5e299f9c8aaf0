namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A range of addresses that a bridge forwards to its secondary bus.</summary>
/// <param name="Base">The first address.</param>
/// <param name="Limit">The last address.</param>
/// <param name="Width">The width of the addresses in bits: 16 or 32 for I/O ports, 32 or 64 for memory.</param>
public sealed record BridgeWindow(ulong Base, ulong Limit, int Width)
{
    /// <summary>Gets whether the bridge forwards any address; a base above the limit closes the window.</summary>
    public bool IsOpen => Base <= Limit;

    /// <summary>Gets the size of the window in bytes; 0 if it is closed.</summary>
    public ulong Size => IsOpen ? Limit - Base + 1 : 0;
}
