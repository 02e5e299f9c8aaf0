namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A base address register (BAR).</summary>
/// <param name="Index">The number of the register, 0 to 5; a 64-bit BAR occupies two registers, and this is the first.</param>
/// <param name="IsIo">Whether the BAR maps I/O ports; otherwise it maps memory.</param>
/// <param name="Address">The address; 0 if none is assigned, or if the last register claims to be the first half of a pair. The size cannot be determined without writing to the register.</param>
/// <param name="Width">
/// The width of the address in bits: 32 or 64; 20 for memory that must lie below 1 MiB; 0 for the reserved type.
/// </param>
/// <param name="IsPrefetchable">Whether the memory is prefetchable, that is, reads have no side effects.</param>
public sealed record BaseAddressRegister(int Index, bool IsIo, ulong Address, int Width, bool IsPrefetchable)
{
    private const int First = 0x10;

    /// <summary>Gets whether an address is assigned.</summary>
    public bool IsAssigned => Address != 0;

    internal static List<BaseAddressRegister> ReadAll(PciRegisters registers, int count)
    {
        var found = new List<BaseAddressRegister>();
        for (var index = 0; index < count; index++)
        {
            var value = registers.DoubleWord(First + (4 * index));
            if (value is 0 or uint.MaxValue)
            {
                continue;
            }

            if ((value & 1) != 0)
            {
                found.Add(new(index, IsIo: true, value & ~3u, 32, IsPrefetchable: false));
                continue;
            }

            var (address, width, isPrefetchable) = ((ulong)(value & ~0xfu), WidthOf((value >> 1) & 3), (value & 8) != 0);
            found.Add(new(index, IsIo: false, address, width, isPrefetchable));
            if (width == 64)
            {
                // Without a register left for the upper half nobody knows the address.
                index++;
                found[^1] = found[^1] with { Address = index < count ? address | ((ulong)registers.DoubleWord(First + (4 * index)) << 32) : 0 };
            }
        }

        return found;
    }

    private static int WidthOf(uint kind) => kind switch
    {
        0 => 32,
        1 => 20,
        2 => 64,
        _ => 0,
    };
}
