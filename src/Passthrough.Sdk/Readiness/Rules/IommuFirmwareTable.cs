using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>No firmware table, no IOMMU: switched off in the firmware's set-up, or not in the machine.</summary>
internal sealed class IommuFirmwareTable : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuFirmwareTableMissing,
            Severity = FindingSeverity.Error,
            Title = "the firmware gives the kernel no IOMMU table",
            Meaning =
                "Without DMAR (Intel), IVRS (AMD), IORT (Arm), VIOT (virtual machines) or a node of the device tree, the kernel knows "
                + "of no IOMMU, whatever its parameters say. libvirt says: host doesn't support passthrough of host PCI devices.",
            Detection =
                "The names in /sys/firmware/acpi/tables, or /sys/firmware/devicetree/base where there is no ACPI; and no IOMMU group, "
                + "which would prove an IOMMU. Unknown where neither can be read.",
            Remedy =
                "Enable VT-d (Intel), AMD-Vi or IOMMU (AMD), or the SMMU (Arm) in the firmware's set-up and boot again; in a virtual "
                + "machine give it a virtual IOMMU. Where there is no such switch, the board or the CPU has no IOMMU.",
        },
    ];

    private static readonly string[] Tables = ["DMAR", "IVRS", "IORT", "VIOT"];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var firmware = context.System.Firmware;
        // Groups prove an IOMMU whatever the firmware says; without ACPI it is described by the device tree.
        if (!context.NeedsVfio || context.System.Iommu.IsActive.Value || firmware.AcpiNames.IsAbsent)
        {
            yield break;
        }

        if (firmware.AcpiNames.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.IommuFirmwareTableMissing, "whether the firmware describes an IOMMU", firmware.AcpiNames);
        }
        else if (!Tables.Any(table => firmware.Has(table).Value))
        {
            yield return FindingFactory.Of(
                FindingIds.IommuFirmwareTableMissing,
                FindingSeverity.Error,
                "the firmware gives the kernel no IOMMU table (DMAR, IVRS, IORT or VIOT)",
                "enable VT-d (Intel), AMD-Vi or IOMMU (AMD), or the SMMU (Arm) in the firmware's set-up and boot again; "
                + "in a virtual machine give it a virtual IOMMU; where there is no such switch, the board or the CPU has no IOMMU",
                new Evidence(firmware.AcpiNames.Source, string.Join(' ', firmware.AcpiNames.Value)));
        }
    }
}
