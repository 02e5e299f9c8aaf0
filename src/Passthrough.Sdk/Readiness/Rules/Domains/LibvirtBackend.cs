using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that libvirt's own check finds no way to assign PCI devices, for which its message is "host doesn't support
/// passthrough".</summary>
internal sealed class LibvirtBackend : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.LibvirtNoVfioBackend,
            Severity = FindingSeverity.Error,
            Title = "libvirt's own check finds no way to assign PCI devices",
            Meaning =
                "libvirt will say: host doesn't support passthrough of host PCI devices. It checks for IOMMU groups and "
                + "/dev/vfio/vfio in the environment of its daemon.",
            Detection = "virConnectGetDomainCapabilities: the list pciBackend is empty. Only if libvirt was queried.",
            Remedy =
                "If the host itself has both, a container or a device filter hides them from the daemon. If the host was fixed "
                + "meanwhile, restart the daemon.",
        },
    ];

    public ValueList<string> ExplainedBy { get; } = [.. Causes.OfNoIommu, .. Causes.OfNoModule, FindingIds.VfioModuleNotLoaded];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.NeedsVfio && context.Libvirt is { PciBackends: { IsKnown: true, Value.IsEmpty: true } backends } libvirt)
        {
            yield return FindingFactory.OfHost(
                FindingIds.LibvirtNoVfioBackend,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} reports no way to assign PCI devices",
                "it checks for IOMMU groups and /dev/vfio/vfio in the environment of its daemon: a container or a device filter may hide them there; restart the daemon after you have fixed the host",
                new Evidence(backends.Source, "pciBackend: empty"));
        }
    }
}
