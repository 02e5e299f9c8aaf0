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
                "The firmware's tables: without DMAR (which Xen hides from dom0 as RMAD) and IVRS there is nothing to drive; and Xen's own "
                + "messages in /var/log/xen/console/hypervisor.log, where they are kept. Unknown otherwise: xl info lists pv_directio in "
                + "virt_caps. The <iommu support='no'/> of libvirt's capabilities means nothing on Xen.",
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

        var (isDom0, drives, tables) = (context.System.Environment.Xen.IsDom0, context.System.Environment.Xen.DrivesIommu, context.System.Firmware.AcpiNames);
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

        if (tables.IsKnown && !Tables.Any(table => context.System.Firmware.Has(table).Value))
        {
            yield return Of(new Evidence(tables.Source, string.Join(' ', tables.Value)));
        }
        else if (drives.IsKnown)
        {
            if (!drives.Value)
            {
                yield return Of(new Evidence(drives.Source, "I/O virtualisation disabled"));
            }
        }
        // libvirt's no is none: its driver for Xen leaves the answer at its default, with an IOMMU at work too.
        else if (context.Libvirt is not { HasIommu: { IsKnown: true, Value: true } })
        {
            yield return FindingFactory.Undetermined(FindingIds.XenNoDirectIo, "whether Xen drives the IOMMU", drives) with
            {
                Remedy = "ask Xen: xl info lists pv_directio in virt_caps where it does, and xl dmesg has: I/O virtualisation enabled",
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
