using System.Collections.Immutable;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>libvirt's own probe finds no way to hand a PCI device over: what it would say as "host doesn't support passthrough".</summary>
internal sealed class LibvirtBackend : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.LibvirtNoVfioBackend,
            Severity = FindingSeverity.Error,
            Title = "libvirt's own probe finds no way to hand PCI devices over",
            Meaning =
                "libvirt will say: host doesn't support passthrough of host PCI devices. It looks for IOMMU groups and /dev/vfio/vfio "
                + "where its daemon runs.",
            Detection = "virConnectGetDomainCapabilities: the list pciBackend is empty. Only where libvirt was asked.",
            Remedy =
                "Where the host itself has both, a container or a device filter hides them from the daemon; restart it after the host "
                + "was mended.",
        },
    ];

    public ImmutableArray<string> ExplainedBy { get; } = [.. Causes.OfNoIommu, .. Causes.OfNoModule, FindingIds.VfioModuleNotLoaded];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        if (context.NeedsVfio && context.Libvirt is { PciBackends: { IsKnown: true, Value.IsEmpty: true } backends } libvirt)
        {
            yield return FindingFactory.Of(
                FindingIds.LibvirtNoVfioBackend,
                FindingSeverity.Error,
                $"libvirt at {libvirt.Uri} lists no way to hand PCI devices over",
                "it looks for IOMMU groups and /dev/vfio/vfio where its daemon runs: a container or a device filter may hide them there; restart the daemon after mending the host",
                new Evidence(backends.Source, "pciBackend: empty"));
        }
    }
}
