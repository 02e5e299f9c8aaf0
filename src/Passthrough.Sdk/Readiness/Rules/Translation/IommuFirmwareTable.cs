using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu.Firmware;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports firmware without an IOMMU table: the IOMMU is switched off in the firmware's set-up, or the machine has none.</summary>
internal sealed class IommuFirmwareTable : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.IommuFirmwareTableMissing,
            Severity = FindingSeverity.Error,
            Title = "the firmware provides no IOMMU table",
            Meaning =
                "Without DMAR (Intel), IVRS (AMD), IORT (Arm), VIOT (virtual machines) or a node of the device tree, the kernel "
                + "finds no IOMMU, whatever its parameters are. libvirt says: host doesn't support passthrough of host PCI devices.",
            Detection =
                "The names in /sys/firmware/acpi/tables and, if the tables can be read, the units in them (DRHD, IVHD, SMMU, "
                + "virtio-iommu): a table without units describes no IOMMU. Without ACPI, /sys/firmware/devicetree/base. There must "
                + "also be no IOMMU group, because a group proves an IOMMU. Unknown if neither can be read.",
            Remedy =
                "Enable VT-d (Intel), AMD-Vi or IOMMU (AMD), or the SMMU (Arm) in the firmware's set-up and reboot. In a "
                + "virtual machine, configure a virtual IOMMU for it. If the set-up has no such switch, the board or the CPU has no "
                + "IOMMU.",
        },
    ];

    private static readonly string[] Tables = ["DMAR", "IVRS", "IORT", "VIOT"];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        // Groups prove an IOMMU whatever the firmware shows; Xen hides the table from dom0.
        if (!context.NeedsVfio || context.IsDom0 || context.HasGroups == true)
        {
            return [];
        }

        var firmware = context.System.Firmware;
        return firmware.AcpiNames.IsAbsent ? CheckDeviceTree(context.System) : CheckAcpi(context.System, firmware.AcpiNames);
    }

    private static IEnumerable<Finding> CheckAcpi(HostSystem system, Fact<ValueList<string>> names)
    {
        if (names.IsUnknown)
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.IommuFirmwareTableMissing, "whether the firmware describes an IOMMU", names);
        }
        else if (Tables.Where(table => system.Firmware.Has(table).Value).ToList() is var there && there.Count == 0)
        {
            yield return Of(system, "the firmware provides no IOMMU table (DMAR, IVRS, IORT or VIOT)", new(names.Source, string.Join(' ', names.Value)));
        }
        else if (there.All(table => system.Firmware.HasUnits(table) == false))
        {
            // An IORT also describes the interrupt controller; a table without units remains when the IOMMU is switched off.
            yield return Of(
                system,
                $"the firmware's table {string.Join(" and ", there)} describes no IOMMU: {string.Join(" and ", there.Select(UnitOf))}",
                new($"{FirmwareTables.Directory}/{there[0]}", UnitOf(there[0])));
        }
    }

    private static string UnitOf(string table) => table switch
    {
        "DMAR" => "it has no remapping unit (DRHD)",
        "IVRS" => "it has no hardware unit (IVHD)",
        "IORT" => "it has no SMMU",
        _ => "it has no virtio-iommu",
    };

    private static IEnumerable<Finding> CheckDeviceTree(HostSystem system)
    {
        var (tree, isArm) = (system.Firmware.DeviceTree, system.Cpu.Architecture.Value is "aarch64" or "arm");
        if (tree.IsKnown && isArm && !tree.Value.Any(iommu => iommu.IsEnabled))
        {
            var disabled = string.Join(", ", tree.Value.Select(iommu => iommu.Path));
            yield return Of(
                system,
                disabled.Length > 0 ? $"the device tree disables its IOMMU: {disabled}" : "the device tree has no IOMMU",
                new(tree.Source, disabled.Length > 0 ? $"{disabled}: status is not okay" : "no iommu"));
        }
        else if (!tree.IsKnown && !(system.Kernel.CommandLine.Value is { } line && IommuParameters.AcpiOffBy(line) is not null))
        {
            yield return FindingFactory.UndeterminedOfHost(
                FindingIds.IommuFirmwareTableMissing,
                "whether the firmware describes an IOMMU",
                Fact.Unknown<string>(FirmwareTables.Directory, tree.Reason ?? "there is neither ACPI nor a device tree"));
        }
    }

    private static Finding Of(HostSystem system, string title, Evidence evidence) => FindingFactory.OfHost(
        FindingIds.IommuFirmwareTableMissing, FindingSeverity.Error, title, Remedy(system), evidence, system.Environment.Hypervisor.ToEvidence());

    private static string Remedy(HostSystem system) => system.Environment.Hypervisor switch
    {
        { IsKnown: true, Value: HypervisorKind.Kvm or HypervisorKind.Qemu } =>
            "this is a virtual machine: add a virtual IOMMU to it (<iommu model='intel'> with machine q35 and ioapic driver='qemu', or QEMU's -device intel-iommu)",
        { IsKnown: true, Value: not HypervisorKind.None } =>
            "this is a virtual machine: configure a virtual IOMMU in its hypervisor",
        _ => (IommuParameters.VendorOf(system) switch
        {
            IommuParameters.Intel => "enable VT-d",
            IommuParameters.Amd => "enable AMD-Vi (IOMMU)",
            _ when system.Firmware.Has("IORT").Value || system.Cpu.Architecture.Value is "aarch64" or "arm" => "enable the SMMU (IOMMU)",
            _ => "enable VT-d (Intel), AMD-Vi or IOMMU (AMD), or the SMMU (Arm)",
        }) + " in the firmware's set-up and reboot; if the set-up has no such switch, the board or the CPU has no IOMMU",
    };
}
