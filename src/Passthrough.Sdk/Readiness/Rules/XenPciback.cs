using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>dom0 lacks xen-pciback, which hands devices to Xen's guests.</summary>
internal sealed class XenPciback : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.XenPcibackMissing,
            Severity = FindingSeverity.Error,
            Title = "dom0 lacks xen-pciback",
            Meaning =
                "Nothing takes the device from its driver for a guest: xl pci-assignable-add says that the pciback driver is not "
                + "loaded, libvirt that it cannot bind the device to it.",
            Detection = "/proc/modules and modules.builtin of the running kernel. Unknown where /proc/modules cannot be read.",
            Remedy = "modprobe xen-pciback; to have it at every boot: echo xen-pciback > /etc/modules-load.d/xen-pciback.conf.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } = [FindingIds.XenNoDirectIo];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var module = context.System.Modules["xen_pciback"];
        if (context.NeedsVfio || !context.IsDom0 || module.IsPresent.Value)
        {
            yield break;
        }

        if (!module.IsPresent.IsKnown)
        {
            yield return FindingFactory.Undetermined(FindingIds.XenPcibackMissing, "whether xen-pciback is loaded", module.IsPresent);
            yield break;
        }

        var obstacle = module.Obstacles.FirstOrDefault();
        yield return FindingFactory.Of(
            FindingIds.XenPcibackMissing,
            FindingSeverity.Error,
            "xen-pciback is not loaded, so that no device can be given to a guest of Xen",
            obstacle is null
                ? "modprobe xen-pciback; to have it at every boot: echo xen-pciback > /etc/modules-load.d/xen-pciback.conf"
                : $"remove the line '{obstacle}' of {obstacle.Source}, then modprobe xen-pciback",
            [new Evidence(module.IsLoaded.Source, "no xen_pciback"), .. obstacle is null ? [] : (Evidence[])[new(obstacle.Source, obstacle.ToString())]]);
    }
}
