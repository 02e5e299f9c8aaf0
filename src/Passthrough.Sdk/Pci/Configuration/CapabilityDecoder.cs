namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>From a capability's id to its type.</summary>
internal static class CapabilityDecoder
{
    public static PciCapability Decode(in CapabilityHeader header, List<PciConfigurationProblem> problems)
    {
        var length = header.IsExtended ? 4 : StandardLength(header.Id);
        if (!header.Registers.Has(0, length))
        {
            problems.Add(new(PciConfigurationProblemKind.Truncated, header.Registers.Offset, $"The capability at {header.Registers.Offset:x2} lies partly beyond the bytes that were read."));
            return new RawCapability(header, isTruncated: true);
        }

        return header.IsExtended ? new RawCapability(header, isTruncated: false) : Standard(header);
    }

    private static int StandardLength(int id) => id switch
    {
        0x0d => SubsystemCapability.MinimumLength,
        _ => 4,
    };

    private static PciCapability Standard(in CapabilityHeader header) => header.Id switch
    {
        0x0d => new SubsystemCapability(header),
        _ => new RawCapability(header, isTruncated: false),
    };
}
