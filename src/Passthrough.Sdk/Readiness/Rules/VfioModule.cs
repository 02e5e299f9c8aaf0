using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>VFIO is not loaded and its node is not there; libvirt looks for that node and loads nothing to get it.</summary>
internal sealed class VfioModule : IReadinessRule
{
    public ImmutableArray<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioModuleNotLoaded,
            Severity = FindingSeverity.Error,
            Title = "vfio-pci is not loaded",
            Meaning =
                "libvirt looks for /dev/vfio/vfio and loads nothing to get it; it says: host doesn't support passthrough of host PCI "
                + "devices, as if there were no IOMMU.",
            Detection =
                "/proc/modules, modules.builtin of the running kernel, and /dev/vfio/vfio: a static node is enough, since opening it "
                + "loads VFIO. Unknown where /proc/modules cannot be read.",
            Remedy = "modprobe vfio-pci; to have it at every boot: echo vfio-pci > /etc/modules-load.d/vfio-pci.conf.",
        },
    ];

    /// <summary>Without an IOMMU nothing would use VFIO yet: it is the second thing to mend.</summary>
    public ImmutableArray<string> ExplainedBy { get; } = [.. Causes.OfNoIommu, .. Causes.OfNoModule];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var (container, module) = (context.System.Vfio.Container, context.System.Modules["vfio_pci"]);
        // A static node without the module is enough: opening it loads VFIO, and libvirt loads vfio-pci when it binds.
        if (!context.NeedsVfio || container.IsKnown || module.IsPresent.Value)
        {
            yield break;
        }

        if (module.IsPresent.IsUnknown)
        {
            yield return FindingFactory.Undetermined(FindingIds.VfioModuleNotLoaded, "whether vfio-pci is loaded", module.IsPresent);
            yield break;
        }

        var atBoot = context.System.Modules.LoadedAtBoot.Value?.GetValueOrDefault("vfio_pci");
        yield return FindingFactory.Of(
            FindingIds.VfioModuleNotLoaded,
            FindingSeverity.Error,
            "the module vfio-pci is not loaded and /dev/vfio/vfio is not there",
            atBoot is null
                ? "modprobe vfio-pci; to have it at every boot: echo vfio-pci > /etc/modules-load.d/vfio-pci.conf (or: passthrough boot apply)"
                : $"modprobe vfio-pci, or boot again: {atBoot} has it loaded at boot",
            new Evidence(module.IsLoaded.Source, "no vfio_pci"),
            container.ToEvidence());
    }
}
