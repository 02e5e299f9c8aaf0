using System.Buffers.Binary;
using System.Collections.Immutable;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Iommu;

/// <summary>What of PCI Express the kernel's grouping looks at: the kind of port, and the access controls that are on.</summary>
internal static class AccessControl
{
    public const int RootComplexEventCollector = 10;
    public const int UpstreamPort = 5;
    public const int PciExpressToPci = 7;
    public const int PciToPciExpress = 8;

    private const int PciExpressId = 0x10;
    private const int AccessControlId = 0x0d;

    // Source validation, request redirect, completion redirect, upstream forwarding (REQ_ACS_FLAGS of the kernel).
    private static readonly ImmutableArray<(int Bit, string Name)> Needed =
        [(1, "source validation"), (4, "request redirect"), (8, "completion redirect"), (16, "upstream forwarding")];

    /// <summary>The port type of the PCI Express capability; null where the function is conventional PCI.</summary>
    public static int? PortTypeOf(PciConfigurationSpace space) => Word(space, PciExpressId, isExtended: false, at: 2) is { } flags ? (flags >> 4) & 0xf : null;

    /// <summary>The names of the needed controls that are offered and not on; null where there are no access control services.</summary>
    /// <remarks>A control that is not offered is hard-wired on, where it matters at all.</remarks>
    public static ImmutableArray<string>? MissingOf(PciConfigurationSpace space) =>
        Word(space, AccessControlId, isExtended: true, at: 4) is { } offered && Word(space, AccessControlId, isExtended: true, at: 6) is { } on
            ? [.. Needed.Where(control => (offered & ~on & control.Bit) != 0).Select(control => control.Name)]
            : null;

    private static int? Word(PciConfigurationSpace space, int id, bool isExtended, int at)
    {
        foreach (var capability in space.Capabilities)
        {
            if (capability.Id == id && capability.IsExtended == isExtended && capability.Offset + at + 2 <= space.Bytes.Length)
            {
                return BinaryPrimitives.ReadUInt16LittleEndian(space.Bytes.Span[(capability.Offset + at)..]);
            }
        }

        return null;
    }
}
