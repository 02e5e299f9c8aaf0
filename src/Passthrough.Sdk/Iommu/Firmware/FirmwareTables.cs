using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>What the firmware tells the kernel about IOMMUs.</summary>
/// <remarks>
/// The names of the ACPI tables can be read by anyone, their contents by root alone: an ordinary user gets
/// <see cref="Has"/> answered and the contents unknown. In a Xen dom0 the tables are hidden, since Xen drives the IOMMU.
/// Thread safety: immutable.
/// </remarks>
public sealed record FirmwareTables
{
    internal const string Directory = "/sys/firmware/acpi/tables";

    /// <summary>The names of the ACPI tables, such as <c>DMAR</c>; absent where the host has no ACPI. Source: /sys/firmware/acpi/tables.</summary>
    public Fact<ImmutableArray<string>> AcpiNames { get; init; }

    /// <summary>Intel's table; absent where the firmware gives none. Source: /sys/firmware/acpi/tables/DMAR, or
    /// RMAD there, which is what Xen makes of it in dom0.</summary>
    public Fact<DmarTable> Dmar { get; init; }

    /// <summary>AMD's table; absent where the firmware gives none. Source: /sys/firmware/acpi/tables/IVRS.</summary>
    public Fact<IvrsTable> Ivrs { get; init; }

    /// <summary>Arm's table; absent where the firmware gives none. Source: /sys/firmware/acpi/tables/IORT.</summary>
    public Fact<IortTable> Iort { get; init; }

    /// <summary>The table of a virtio-iommu; absent where there is none. Source: /sys/firmware/acpi/tables/VIOT.</summary>
    public Fact<ViotTable> Viot { get; init; }

    /// <summary>The IOMMUs of the device tree; absent on hosts without one. Source: /sys/firmware/devicetree/base.</summary>
    public Fact<ImmutableArray<DeviceTreeIommu>> DeviceTree { get; init; }

    /// <summary>
    /// Whether the table of that name describes an IOMMU: a unit of VT-d or AMD-Vi, an SMMU, a virtio-iommu. Null where its content is not
    /// known, or broken before one was found.
    /// </summary>
    /// <param name="signature">The four letters: <c>DMAR</c>, <c>IVRS</c>, <c>IORT</c>, <c>VIOT</c>.</param>
    internal bool? HasUnits(string signature) => signature switch
    {
        "DMAR" => Any(Dmar, table => !table.Units.IsEmpty),
        "IVRS" => Any(Ivrs, table => !table.Units.IsEmpty),
        "IORT" => Any(Iort, table => table.Smmus.Any()),
        "VIOT" => Any(Viot, table => table.Nodes.Any(node => node.Type is ViotNodeType.VirtioIommuPci or ViotNodeType.VirtioIommuMmio)),
        _ => null,
    };

    /// <summary>Whether the firmware gives an ACPI table of that name. Known false: there is ACPI, without it. Absent: no ACPI.</summary>
    /// <param name="signature">The four letters: <c>DMAR</c>, <c>IVRS</c>, <c>IORT</c>, <c>VIOT</c>.</param>
    public Fact<bool> Has(string signature)
    {
        // A second table of a kind is called DMAR2 and so on.
        return AcpiNames.Select(names => names.Any(n => n.StartsWith(signature, StringComparison.Ordinal) && n.AsSpan(signature.Length).TrimStart("0123456789").IsEmpty));
    }

    private static bool? Any<T>(Fact<T> table, Func<T, bool> hasUnits)
        where T : AcpiTable
        => table.Value is not { } found ? null : hasUnits(found) ? true : found.Problems.All(problem => problem.Offset == AcpiReader.ChecksumOffset) ? false : null;
}
