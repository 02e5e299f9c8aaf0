namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>
/// HyperTransport (capability 0x08; HyperTransport I/O Link Specification 2.00, 7.5). The registers depend on the kind of
/// the capability.
/// </summary>
public sealed class HyperTransportCapability : PciCapability
{
    internal const int MinimumLength = 4;

    internal HyperTransportCapability(in CapabilityHeader header)
        : base(header)
    {
        Kind = Field(Word(2), 13, 3) switch
        {
            0 => HyperTransportKind.Primary,
            1 => HyperTransportKind.Secondary,
            _ => (HyperTransportKind)Field(Word(2), 11, 5),
        };
        Primary = Kind == HyperTransportKind.Primary && Has(0, 0x1c) ? new(Registers(0)) : null;
        Secondary = Kind == HyperTransportKind.Secondary && Has(0, 0x18) ? new(Registers(0)) : null;
    }

    /// <summary>Gets the kind of the HyperTransport capability (command register, +2).</summary>
    public HyperTransportKind Kind { get; }

    /// <summary>Gets the slave or primary interface; null for other kinds.</summary>
    public HyperTransportPrimary? Primary { get; }

    /// <summary>Gets the host or secondary interface; null for other kinds.</summary>
    public HyperTransportSecondary? Secondary { get; }

    /// <summary>Gets the revision (the major number times 32, plus the minor number); null for kinds other than the revision id.</summary>
    public byte? RevisionId => Kind == HyperTransportKind.RevisionId ? Byte(2) : null;

    /// <summary>Gets whether MSI writes are converted to HyperTransport interrupts; null for kinds other than the MSI mapping.</summary>
    public bool? MsiMappingEnabled => Kind == HyperTransportKind.MsiMapping ? Bit(Word(2), 0) : null;

    /// <summary>Gets whether the address of MSI writes is the fixed one, 0xfee00000; null for kinds other than the MSI mapping.</summary>
    public bool? MsiMappingFixed => Kind == HyperTransportKind.MsiMapping ? Bit(Word(2), 1) : null;

    /// <summary>Gets the address of MSI writes; null if it is fixed, and for kinds other than the MSI mapping.</summary>
    public ulong? MsiMappingAddress => MsiMappingFixed == false && Has(4, 8) ? QuadWord(4) & ~0xffffful : null;
}
