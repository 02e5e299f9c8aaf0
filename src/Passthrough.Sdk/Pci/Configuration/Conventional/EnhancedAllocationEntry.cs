namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One entry of an enhanced allocation, which describes a resource.</summary>
/// <param name="IsEnabled">Whether the resource is enabled.</param>
/// <param name="IsWritable">Whether software may change the address of the resource.</param>
/// <param name="Size">The number of doublewords that follow the first one of the entry.</param>
/// <param name="BarEquivalent">
/// The BAR that the resource is equivalent to: 0 to 5 for a BAR, 6 for the range behind the function, 7 for not specified, 8
/// for the expansion ROM, 9 to 14 for a BAR of the virtual functions.
/// </param>
/// <param name="PrimaryProperties">
/// The type of the resource: 0 for memory, 1 for prefetchable memory, 2 for I/O ports, 3 and 4 for memory of virtual
/// functions, prefetchable and not, 5 to 7 for memory, prefetchable memory and I/O ports behind a bridge, 0xfd to 0xff for
/// unavailable.
/// </param>
/// <param name="SecondaryProperties">The type of the resource for software that does not know the primary properties.</param>
/// <param name="Base">The first address; null beyond the end of the bytes.</param>
/// <param name="MaximumOffset">The last address minus the first; null beyond the end of the bytes.</param>
public sealed record EnhancedAllocationEntry(
    bool IsEnabled, bool IsWritable, int Size, int BarEquivalent, byte PrimaryProperties, byte SecondaryProperties, ulong? Base, ulong? MaximumOffset)
{
    internal static List<EnhancedAllocationEntry> ReadAll(PciRegisters registers, int count)
    {
        var entries = new List<EnhancedAllocationEntry>();
        for (var number = 0; number < count && registers.Has(0, 4); number++)
        {
            var value = registers.DoubleWord(0);
            var size = PciRegisters.Field(value, 0, 3);
            if (!registers.Has(4, size * 4))
            {
                break;
            }

            var (first, last) = Range(registers, size);
            entries.Add(new(
                PciRegisters.Bit(value, 31), PciRegisters.Bit(value, 30), size, PciRegisters.Field(value, 4, 4),
                (byte)PciRegisters.Field(value, 8, 8), (byte)PciRegisters.Field(value, 16, 8), first, last));
            registers = registers.Skip(4 + (size * 4));
        }

        return entries;
    }

    private static (ulong? Base, ulong? MaximumOffset) Range(PciRegisters registers, int size)
    {
        if (size < 2)
        {
            return (null, null);
        }

        // Bit 1 of either says that its upper half follows, first the base's.
        var (first, last) = ((ulong)registers.DoubleWord(4), (ulong)registers.DoubleWord(8));
        var upper = 12;
        if ((first & 2) != 0 && registers.Has(upper, 4))
        {
            first |= (ulong)registers.DoubleWord(upper) << 32;
            upper += 4;
        }

        if ((last & 2) != 0 && registers.Has(upper, 4))
        {
            last |= (ulong)registers.DoubleWord(upper) << 32;
        }

        return (first & ~3ul, last | 3);
    }
}
