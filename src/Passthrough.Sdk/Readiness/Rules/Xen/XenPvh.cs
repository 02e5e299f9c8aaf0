using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that guests of the type PVH own no devices.</summary>
/// <remarks>Source: Xen, tools/libs/light/libxl_x86.c, libxl__arch_passthrough_mode_setdefault; seen with Xen 4.17.</remarks>
internal sealed class XenPvh : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenPvhWithoutDevices,
            Severity = FindingSeverity.Error,
            Title = "Xen gives no devices to guests of the type PVH",
            Meaning =
                "A PVH guest has neither the emulated bus of a fully virtualised guest nor the front end of a paravirtualised one. libxl "
                + "says: passthrough not yet supported for x86 PVH guests, and the guest does not start. libvirt only says: libxenlight "
                + "failed to create new domain.",
            Detection = "The type of the guest: <type>xenpvh</type> in libvirt's definition, type=\"pvh\" in xl's.",
            Remedy = "Use a paravirtualised guest (type PV) or a fully virtualised one (type HVM).",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.Guest == GuestKind.XenPvh)
        {
            yield return FindingFactory.OfHost(
                FindingIds.XenPvhWithoutDevices,
                FindingSeverity.Error,
                "Xen gives no devices to guests of the type PVH",
                "use a paravirtualised guest (type PV) or a fully virtualised one (type HVM)",
                context.System.Environment.Xen.Version is { IsKnown: true } version ? version.ToEvidence() : context.System.Environment.Xen.IsDom0.ToEvidence());
        }
    }
}
