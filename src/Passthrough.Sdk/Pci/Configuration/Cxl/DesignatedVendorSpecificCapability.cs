using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// The designated vendor-specific extended capability, DVSEC (extended capability 0x0023; PCI Express 6.0, 7.9.6), whose
/// structure a vendor or a consortium defines for all vendors. The structures of CXL are decoded.
/// </summary>
public sealed class DesignatedVendorSpecificCapability : PciCapability
{
    internal const int MinimumLength = 12;

    /// <summary>The vendor id under which the CXL Consortium defines its structures.</summary>
    public const ushort CxlVendorId = 0x1e98;

    internal DesignatedVendorSpecificCapability(in CapabilityHeader header)
        : base(header)
    {
        if (DesignatedVendorId != CxlVendorId || Length < 16 || !Has(0, Length))
        {
            return;
        }

        var all = Registers(0);
        switch (StructureId)
        {
            case 0 when Revision >= 1 && Length >= 0x38:
                CxlDevice = new(all, Revision >= 2 && Length >= 0x3c);
                break;
            case 2 when Length >= 0x2c:
                CxlFunctionMap = [.. Enumerable.Range(0, 8).Select(index => all.DoubleWord(0x0c + (4 * index)))];
                break;
            case 3 when Length >= 0x28:
                CxlPort = new(all);
                break;
            case 4:
                CxlFlushPort = new(all);
                break;
            case 5:
                CxlFlushDevice = new(all);
                break;
            case 7:
                CxlFlexBusPort = new(all, Revision, Length);
                break;
            case 8:
                CxlRegisterBlocks = [.. MemoryRegisterBlock.ReadAll(all.Skip(0x0c), (Length - 0x0c) / 8)];
                break;
            case 9:
                CxlLogicalDevices = Word(0x0a);
                break;
            default:
                break;
        }
    }

    /// <summary>Gets the id of the vendor or consortium that defines the structure (+4).</summary>
    public ushort DesignatedVendorId => Word(4);

    /// <summary>Gets the revision of the structure.</summary>
    public int Revision => Field(DoubleWord(4), 16, 4);

    /// <summary>Gets the length of the structure in bytes, including its header.</summary>
    public int Length => Field(DoubleWord(4), 20, 12);

    /// <summary>Gets the id of the structure, as that vendor assigned it (+8).</summary>
    public ushort StructureId => Word(8);

    /// <summary>Gets the bytes of the structure from its first byte, as far as they were read.</summary>
    public ReadOnlyMemory<byte> Content => Registers(0).Slice(0, Math.Min(Length, Registers(0).Available));

    /// <summary>Gets the CXL device (structure 0, revision 1 and newer); null for other structures.</summary>
    public CxlDevice? CxlDevice { get; }

    /// <summary>Gets the functions that do not support CXL, one bit for each (structure 2); null for other structures.</summary>
    public ValueList<uint>? CxlFunctionMap { get; }

    /// <summary>Gets the CXL port (structure 3); null for other structures.</summary>
    public CxlPort? CxlPort { get; }

    /// <summary>Gets the global persistent flush of a port (structure 4); null for other structures.</summary>
    public CxlFlushPort? CxlFlushPort { get; }

    /// <summary>Gets the global persistent flush of a device (structure 5); null for other structures.</summary>
    public CxlFlushDevice? CxlFlushDevice { get; }

    /// <summary>Gets the flex bus port (structure 7); null for other structures.</summary>
    public CxlFlexBusPort? CxlFlexBusPort { get; }

    /// <summary>
    /// Gets the locations of CXL's register blocks (structure 8): 1 for component, 2 for BAR virtualization, 3 for device, 4
    /// for performance; null for other structures.
    /// </summary>
    public ValueList<MemoryRegisterBlock>? CxlRegisterBlocks { get; }

    /// <summary>Gets the number of logical devices in a multi-logical device (structure 9), 1 to 16; null for other structures.</summary>
    public int? CxlLogicalDevices { get; }
}
