using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that Xen does not use an IOMMU, or does not run here at all.</summary>
internal sealed class XenDirectIo : IReadinessRule
{
    private const string Enable =
        "enable VT-d, AMD-Vi or IOMMU in the firmware's set-up, remove iommu=0 from Xen's own parameters (GRUB_CMDLINE_XEN), and reboot";

    private const string Accept =
        "use a machine whose IOMMU Xen uses; or accept this id for a guest that you trust with all of the host's memory";

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
                "Xen itself: its virt_caps (xl info) lack pv_directio and hvm_directio. Only root can ask it; otherwise its messages in "
                + "/var/log/xen/console/hypervisor.log, if they are kept, and the firmware's tables: without DMAR (which Xen hides "
                + "from dom0 as RMAD) and IVRS there is no IOMMU. The <iommu support='no'/> in libvirt's capabilities has no meaning "
                + "on Xen. Xen's own command line (xl info) shows whether its parameter iommu= switches the IOMMU off.",
            Remedy = Remedies.Sentence(Enable),
        },
        new()
        {
            Id = FindingIds.XenPvWithoutIsolation,
            Severity = FindingSeverity.Error,
            Title = "a paravirtualised guest of this Xen would own a device without an IOMMU",
            Meaning =
                "Xen before 4.13 gives a device to a paravirtualised guest even if it uses no IOMMU, and the guest can use it. Nothing "
                + "then limits the device's memory accesses: the guest programs the device with addresses of the machine, so it can read "
                + "and write all memory, of dom0, of Xen and of every other guest. Xen 4.13 and later refuse to start such a guest.",
            Detection =
                "Xen's version (/sys/hypervisor/version), for a paravirtualised guest, where xen.no-directio holds for other guests.",
            Remedy = Remedies.Sentence(Accept),
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

        if (drives.IsKnown)
        {
            if (!drives.Value)
            {
                yield return No(context, new Evidence(drives.Source, context.System.Environment.Xen.VirtCaps is { IsKnown: true } caps ? $"virt_caps: {string.Join(' ', caps.Value)}" : "I/O virtualisation disabled"));
            }
        }
        else if (tables.IsKnown && !Tables.Any(table => context.System.Firmware.Has(table).Value))
        {
            yield return No(context, new Evidence(tables.Source, string.Join(' ', tables.Value)));
        }
        else if (XenParameters.SwitchesIommuOff(context.System.Environment.Xen.CommandLine.Value) is not null)
        {
            yield return No(context);
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

    private static Finding No(ReadinessContext context, params ValueList<Evidence> evidence)
    {
        var xen = context.System.Environment.Xen;
        if (context.Guest == GuestKind.XenPv && XenParameters.AllowsPvWithoutIommu(xen.Version.Value))
        {
            return FindingFactory.OfHost(
                FindingIds.XenPvWithoutIsolation,
                FindingSeverity.Error,
                $"Xen {xen.Version.Value} uses no IOMMU; it gives devices to paravirtualised guests all the same, and such a guest can read and write all memory of the host through its device",
                Accept,
                [xen.Version.ToEvidence(), .. evidence]);
        }

        return XenParameters.SwitchesIommuOff(xen.CommandLine.Value) is { } off
            ? FindingFactory.OfHost(
                FindingIds.XenNoDirectIo,
                FindingSeverity.Error,
                $"{off} on Xen's own command line switches the IOMMU off, so none of its guests can own a device, not even a paravirtualised one",
                $"remove {off} from Xen's own parameters (GRUB_CMDLINE_XEN, not those of dom0's kernel), and reboot",
                [new Evidence(xen.CommandLine.Source, xen.CommandLine.Value!.Text), .. evidence])
            : FindingFactory.OfHost(
                FindingIds.XenNoDirectIo,
                FindingSeverity.Error,
                "Xen does not use an IOMMU, so none of its guests can own a device, not even a paravirtualised one",
                Enable,
                [.. evidence]);
    }
}
