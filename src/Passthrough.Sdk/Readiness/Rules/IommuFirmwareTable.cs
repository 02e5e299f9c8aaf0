using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Firmware;

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
        // Groups prove an IOMMU whatever the firmware says; from dom0 Xen hides the table.
        if (!context.NeedsVfio || context.IsDom0 || context.HasGroups == true)
        {
            return [];
        }

        var firmware = context.System.Firmware;
        return firmware.AcpiNames.IsAbsent ? CheckDeviceTree(context.System) : CheckAcpi(context.System, firmware.AcpiNames);
    }

    private static IEnumerable<Finding> CheckAcpi(HostSystem system, Fact<ImmutableArray<string>> names)
    {
        if (names.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.IommuFirmwareTableMissing, "whether the firmware describes an IOMMU", names);
        }
        else if (!Tables.Any(table => system.Firmware.Has(table).Value))
        {
            yield return Of(system, "the firmware gives the kernel no IOMMU table (DMAR, IVRS, IORT or VIOT)", new(names.Source, string.Join(' ', names.Value)));
        }
    }

    private static IEnumerable<Finding> CheckDeviceTree(HostSystem system)
    {
        var (tree, isArm) = (system.Firmware.DeviceTree, system.Cpu.Architecture.Value is "aarch64" or "arm");
        if (tree.IsKnown && isArm && !tree.Value.Any(iommu => iommu.IsEnabled))
        {
            var disabled = string.Join(", ", tree.Value.Select(iommu => iommu.Path));
            yield return Of(
                system,
                disabled.Length > 0 ? $"the device tree has its IOMMU switched off: {disabled}" : "the device tree has no IOMMU",
                new(tree.Source, disabled.Length > 0 ? $"{disabled}: status is not okay" : "no iommu"));
        }
        else if (!tree.IsKnown && system.Kernel.CommandLine.Value?.Last("acpi") is not { Value: "off" })
        {
            yield return FindingFactory.Undetermined(
                FindingIds.IommuFirmwareTableMissing,
                "whether the firmware describes an IOMMU",
                Fact.Unknown<string>(FirmwareTables.Directory, tree.Reason ?? "there is neither ACPI nor a device tree"));
        }
    }

    private static Finding Of(HostSystem system, string title, Evidence evidence) => FindingFactory.Of(
        FindingIds.IommuFirmwareTableMissing, FindingSeverity.Error, title, Remedy(system), evidence, system.Environment.Hypervisor.ToEvidence());

    private static string Remedy(HostSystem system) => system.Environment.Hypervisor switch
    {
        { IsKnown: true, Value: HypervisorKind.Kvm or HypervisorKind.Qemu } =>
            "this is a virtual machine: give it a virtual IOMMU (<iommu model='intel'> with machine q35 and ioapic driver='qemu', or QEMU's -device intel-iommu)",
        { IsKnown: true, Value: not HypervisorKind.None } =>
            "this is a virtual machine: its hypervisor must give it a virtual IOMMU",
        _ => (IommuParameters.VendorOf(system) switch
        {
            IommuParameters.Intel => "enable VT-d",
            IommuParameters.Amd => "enable AMD-Vi (IOMMU)",
            _ => "enable VT-d (Intel), AMD-Vi or IOMMU (AMD), or the SMMU (Arm)",
        }) + " in the firmware's set-up and boot again; where there is no such switch, the board or the CPU has no IOMMU",
    };
}
