using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>The firmware's description of IOMMUs for the kernel.</summary>
/// <remarks>
/// The names of the ACPI tables can be read by any user, but their contents only by root. For an ordinary user,
/// <see cref="Has"/> is known and the contents are unknown. In a Xen dom0 the tables are hidden, because Xen controls the IOMMU.
/// Thread safety: immutable.
/// </remarks>
public sealed record FirmwareTables
{
    internal const string Directory = "/sys/firmware/acpi/tables";

    /// <summary>Gets the names of the ACPI tables, such as <c>DMAR</c>; absent if the host has no ACPI. Source: /sys/firmware/acpi/tables.</summary>
    public Fact<ValueList<string>> AcpiNames { get; init; }

    /// <summary>Gets Intel's table; absent if the firmware provides none. Source: /sys/firmware/acpi/tables/DMAR, or
    /// RMAD there, which is the name under which Xen hides it in dom0.</summary>
    public Fact<DmarTable> Dmar { get; init; }

    /// <summary>Gets AMD's table; absent if the firmware provides none. Source: /sys/firmware/acpi/tables/IVRS.</summary>
    public Fact<IvrsTable> Ivrs { get; init; }

    /// <summary>Gets Arm's table; absent if the firmware provides none. Source: /sys/firmware/acpi/tables/IORT.</summary>
    public Fact<IortTable> Iort { get; init; }

    /// <summary>Gets the table of a virtio-iommu; absent if there is none. Source: /sys/firmware/acpi/tables/VIOT.</summary>
    public Fact<ViotTable> Viot { get; init; }

    /// <summary>Gets the IOMMUs of the device tree; absent on hosts without one. Source: /sys/firmware/devicetree/base.</summary>
    public Fact<ValueList<DeviceTreeIommu>> DeviceTree { get; init; }

    /// <summary>
    /// Returns whether the table with a signature describes an IOMMU: a unit of VT-d or AMD-Vi, an SMMU, a virtio-iommu. Null if its content is not
    /// known, or broken before an IOMMU was found.
    /// </summary>
    /// <param name="signature">The four letters: <c>DMAR</c>, <c>IVRS</c>, <c>IORT</c>, <c>VIOT</c>.</param>
    internal bool? HasUnits(string signature) => signature switch
    {
        "DMAR" => Any(Dmar, table => !table.Units.IsEmpty),
        "IVRS" => Any(Ivrs, table => !table.Units.IsEmpty),
        "IORT" => Any(Iort, table => !table.Smmus.IsEmpty),
        "VIOT" => Any(Viot, table => table.Nodes.Any(node => node.Type is ViotNodeType.VirtioIommuPci or ViotNodeType.VirtioIommuMmio)),
        _ => null,
    };

    /// <summary>Returns whether the firmware provides an ACPI table with a signature. False if there is ACPI without this table; absent if there is no ACPI.</summary>
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
