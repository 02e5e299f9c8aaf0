namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The location of one of a virtio device's structures (vendor-specific capability of vendor 0x1af4; Virtual I/O Device 1.2,
/// 4.1.4).
/// </summary>
public sealed class VirtioCapability : PciCapability
{
    internal const int MinimumLength = 16;

    internal VirtioCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the length of the capability in bytes (+2).</summary>
    public byte Length => Byte(0x02);

    /// <summary>Gets the type of the structure (+3).</summary>
    public VirtioStructure Structure => (VirtioStructure)Byte(0x03);

    /// <summary>Gets the number of the BAR that contains the structure (+4).</summary>
    public byte Bar => Byte(0x04);

    /// <summary>Gets the id that distinguishes several structures of the same type (+5).</summary>
    public byte StructureId => Byte(0x05);

    /// <summary>Gets the offset of the structure in that BAR, in bytes (+8).</summary>
    public ulong StructureOffset => DoubleWord(0x08) | (IsWide ? (ulong)DoubleWord(0x10) << 32 : 0);

    /// <summary>Gets the length of the structure in bytes (+12).</summary>
    public ulong StructureLength => DoubleWord(0x0c) | (IsWide ? (ulong)DoubleWord(0x14) << 32 : 0);

    /// <summary>Gets the number of bytes between the notification addresses of two queues (+16); null for other structures.</summary>
    public uint? NotifyMultiplier => Structure == VirtioStructure.Notify && Length >= 20 && Has(0x10, 4) ? DoubleWord(0x10) : null;

    private bool IsWide => Structure == VirtioStructure.SharedMemory && Has(0x10, 8);
}
