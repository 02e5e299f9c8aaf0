using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that Xen does not use an IOMMU, or does not run here at all.</summary>
internal sealed class XenDirectIo : IReadinessRule
{
    private const string Enable =
        "enable VT-d, AMD-Vi or IOMMU in the firmware's set-up, remove iommu=0 from Xen's own parameters (GRUB_CMDLINE_XEN), and reboot";

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenNoDirectIo,
            Severity = FindingSeverity.Error,
            Title = "Xen does not use an IOMMU",
            Meaning =
                "No guest of Xen can own a device, not even a paravirtualised one. libxl's log says: passthrough not supported on "
                + "this platform; libvirt only says: libxenlight failed to create new domain. The parameters of dom0's kernel and "
                + "its empty list of IOMMU groups do not show this.",
            Detection =
                "The firmware's tables: without DMAR (which Xen hides from dom0 as RMAD) and IVRS there is no IOMMU; and Xen's "
                + "own messages in /var/log/xen/console/hypervisor.log, if they are kept. Otherwise unknown: xl info lists "
                + "pv_directio in virt_caps. The <iommu support='no'/> in libvirt's capabilities has no meaning on Xen.",
            Remedy = Remedies.Sentence(Enable),
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
                ? FindingFactory.UndeterminedOfHost(FindingIds.XenNoDirectIo, "whether this is a dom0 of Xen", isDom0)
                : FindingFactory.OfHost(
                    FindingIds.XenNoDirectIo,
                    FindingSeverity.Error,
                    "this is not a Xen dom0, so no guest of Xen can own a device here",
                    "boot the boot loader's entry with Xen, or use a guest of QEMU",
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
        // A "no" from libvirt proves nothing: its driver for Xen leaves the answer at its default, even with an IOMMU in use.
        else if (context.Libvirt is not { HasIommu: { IsKnown: true, Value: true } })
        {
            yield return FindingFactory.UndeterminedOfHost(FindingIds.XenNoDirectIo, "whether Xen uses the IOMMU", drives) with
            {
                Remedy = "ask Xen: if it does, xl info lists pv_directio in virt_caps, and xl dmesg contains: I/O virtualisation enabled",
            };
        }
    }

    private static Finding Of(Evidence evidence) => FindingFactory.OfHost(
        FindingIds.XenNoDirectIo,
        FindingSeverity.Error,
        "Xen does not use an IOMMU, so none of its guests can own a device, not even a paravirtualised one",
        Enable,
        evidence);
}
