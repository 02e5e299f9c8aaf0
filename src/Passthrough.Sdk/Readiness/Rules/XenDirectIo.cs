using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Xen drives no IOMMU, or does not run here at all.</summary>
internal sealed class XenDirectIo : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenNoDirectIo,
            Severity = FindingSeverity.Error,
            Title = "Xen drives no IOMMU",
            Meaning =
                "No guest of Xen can own a device, a paravirtualised one included: passthrough not supported on this platform in "
                + "libxl's log, where libvirt only says: libxenlight failed to create new domain. dom0's own parameters and its empty "
                + "list of IOMMU groups say nothing of this.",
            Detection =
                "<iommu support=...> of libvirt's capabilities where libvirt was asked; otherwise the firmware's tables: without DMAR "
                + "(which Xen hides from dom0 as RMAD) and IVRS there is nothing to drive. Unknown where neither tells: xl info | grep "
                + "virt_caps lists pv_directio.",
            Remedy =
                "Enable VT-d, AMD-Vi or IOMMU in the firmware's set-up; drop iommu=0 from Xen's own parameters (GRUB_CMDLINE_XEN), "
                + "and boot again.",
        },
    ];

    private static readonly string[] Tables = ["DMAR", "RMAD", "IVRS"];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.NeedsVfio)
        {
            yield break;
        }

        var (isDom0, tables, libvirt) = (context.System.Environment.Xen.IsDom0, context.System.Firmware.AcpiNames, context.Libvirt?.HasIommu);
        if (!isDom0.Value)
        {
            yield return isDom0.IsUnknown
                ? FindingFactory.Undetermined(FindingIds.XenNoDirectIo, "whether this is a dom0 of Xen", isDom0)
                : FindingFactory.Of(
                    FindingIds.XenNoDirectIo,
                    FindingSeverity.Error,
                    "this is no dom0 of Xen, so that no guest of Xen can be given a device here",
                    "boot the entry with Xen of the boot loader, or ask for a guest of QEMU",
                    isDom0.ToEvidence());
            yield break;
        }

        if (libvirt is { IsKnown: true })
        {
            if (!libvirt.Value.Value)
            {
                yield return Of(new Evidence(libvirt.Value.Source, "<iommu support='no'/>"));
            }
        }
        else if (tables.IsKnown && !Tables.Any(table => context.System.Firmware.Has(table).Value))
        {
            yield return Of(new Evidence(tables.Source, string.Join(' ', tables.Value)));
        }
        else
        {
            yield return FindingFactory.Undetermined(
                FindingIds.XenNoDirectIo,
                "whether Xen drives an IOMMU",
                Fact.Unknown<bool>("virConnectGetCapabilities", context.Libvirt is null ? "libvirt was not asked; --connect xen:///system asks it" : libvirt?.Reason ?? "not said")) with
            {
                Remedy = "ask libvirt (passthrough doctor --connect xen:///system), or xl info: virt_caps lists pv_directio where it does",
            };
        }
    }

    private static Finding Of(Evidence evidence) => FindingFactory.Of(
        FindingIds.XenNoDirectIo,
        FindingSeverity.Error,
        "Xen drives no IOMMU, so that no guest of it can own a device, a paravirtualised one included",
        "enable VT-d, AMD-Vi or IOMMU in the firmware's set-up, drop iommu=0 from Xen's own parameters (GRUB_CMDLINE_XEN), and boot again",
        evidence);
}
