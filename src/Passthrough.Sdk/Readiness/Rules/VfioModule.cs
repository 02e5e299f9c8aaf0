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
        var (container, modules) = (context.System.Vfio.Container, context.System.Modules);
        var module = modules["vfio_pci"];
        // A static node without the module is enough: opening it loads VFIO, and libvirt loads vfio-pci when it binds.
        if (!context.NeedsVfio || context.IsDom0 || container.IsKnown || module.IsPresent.Value
            || context.System.Kernel.Config.Value?["CONFIG_VFIO_PCI"] == "y")
        {
            yield break;
        }

        if (!module.IsPresent.IsKnown)
        {
            yield return FindingFactory.Undetermined(FindingIds.VfioModuleNotLoaded, "whether vfio-pci is loaded", module.IsPresent);
            yield break;
        }

        var atBoot = context.System.Modules.LoadedAtBoot.Value?.GetValueOrDefault("vfio_pci");
        yield return FindingFactory.Of(
            FindingIds.VfioModuleNotLoaded,
            FindingSeverity.Error,
            $"the module vfio-pci is not loaded{(container.IsAbsent ? " and /dev/vfio/vfio is not there" : "")}",
            atBoot is not null ? $"modprobe vfio-pci, or boot again: {atBoot} has it loaded at boot"
            : modules.IsLoadingDisabled.Value ? "the kernel takes no more modules (kernel.modules_disabled): echo vfio-pci > /etc/modules-load.d/vfio-pci.conf and boot again"
            : "modprobe vfio-pci; to have it at every boot: echo vfio-pci > /etc/modules-load.d/vfio-pci.conf (or: passthrough boot apply)",
            new Evidence(module.IsLoaded.Source, "no vfio_pci"),
            container.ToEvidence());
    }
}
