namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>A range of memory of a CXL device (CXL 3.0, 8.1.3.8).</summary>
/// <param name="Base">First address.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsValid">Whether the size means anything.</param>
/// <param name="IsActive">Whether the memory is ready.</param>
/// <param name="MediaType">What it is: 0 volatile, 1 non-volatile, 2 as the device's table says.</param>
/// <param name="MemoryClass">What it is for: 0 memory, 1 storage, 2 as the device's table says.</param>
/// <param name="Interleave">Code of the interleave that the device wants: 0 none, 1 256, 2 4096, 3 512, 4 1024, 5 2048, 6 8192, 7 16384 bytes.</param>
/// <param name="ActiveTimeout">Seconds it may take to become ready.</param>
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
