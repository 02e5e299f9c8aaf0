namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A memory range of a CXL device (CXL 3.0, 8.1.3.8).</summary>
/// <param name="Base">The first address of the range.</param>
/// <param name="Size">The size of the range in bytes.</param>
/// <param name="IsValid">Whether the size is valid.</param>
/// <param name="IsActive">Whether the memory is ready for use.</param>
/// <param name="MediaType">
/// The type of the memory: 0 for volatile, 1 for non-volatile, 2 if the device reports it in its coherent device attribute
/// table (CDAT).
/// </param>
/// <param name="MemoryClass">
/// The use of the memory: 0 for memory, 1 for storage, 2 if the device reports it in its coherent device attribute table
/// (CDAT).
/// </param>
/// <param name="Interleave">
/// The code of the interleave granularity that the device requests: 0 for none, 1 for 256 bytes, 2 for 4096, 3 for 512, 4
/// for 1024, 5 for 2048, 6 for 8192, 7 for 16384.
/// </param>
/// <param name="ActiveTimeout">The maximum time until the memory is ready, in seconds.</param>
public sealed record CxlMemoryRange(
    ulong Base, ulong Size, bool IsValid, bool IsActive, int MediaType, int MemoryClass, int Interleave, int ActiveTimeout)
{
    internal static CxlMemoryRange Read(PciRegisters registers)
    {
        var low = registers.DoubleWord(4);
        return new(
            ((ulong)registers.DoubleWord(8) << 32) | (registers.DoubleWord(12) & 0xf0000000u),
            ((ulong)registers.DoubleWord(0) << 32) | (low & 0xf0000000u),
            PciRegisters.Bit(low, 0),
            PciRegisters.Bit(low, 1),
            PciRegisters.Field(low, 2, 3),
            PciRegisters.Field(low, 5, 3),
            PciRegisters.Field(low, 8, 5),
            1 << (2 * PciRegisters.Field(low, 13, 3)));
    }
}
