using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that VFIO is not loaded and its node does not exist; libvirt checks for that node and does not load a
/// module to get it.</summary>
internal sealed class VfioModule : IReadinessRule
{
    private const string Load = "run modprobe vfio-pci; to load it at every boot: echo vfio-pci > /etc/modules-load.d/vfio-pci.conf";

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.VfioModuleNotLoaded,
            Severity = FindingSeverity.Error,
            Title = "vfio-pci is not loaded",
            Meaning =
                "libvirt checks for /dev/vfio/vfio and does not load a module to get it. It says: host doesn't support "
                + "passthrough of host PCI devices, as if there were no IOMMU.",
            Detection =
                "/proc/modules, modules.builtin of the running kernel, and /dev/vfio/vfio: a static node is enough, because "
                + "opening it loads VFIO. Unknown if /proc/modules cannot be read.",
            Remedy = Remedies.Sentence(Load),
        },
    ];

    /// <summary>Gets the other causes: without an IOMMU nothing would use VFIO yet, so this is the second thing to fix.</summary>
    public ValueList<string> ExplainedBy { get; } = [.. Causes.OfNoIommu, .. Causes.OfNoModule];

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
            yield return FindingFactory.UndeterminedOfHost(FindingIds.VfioModuleNotLoaded, "whether vfio-pci is loaded", module.IsPresent);
            yield break;
        }

        var commands = VfioModules.CommandsNow(modules).ToList();
        var atBoot = context.System.Modules.LoadedAtBoot.Value?.GetValueOrDefault("vfio_pci");
        yield return FindingFactory.OfHost(
            FindingIds.VfioModuleNotLoaded,
            FindingSeverity.Error,
            $"the module vfio-pci is not loaded{(container.IsAbsent ? " and /dev/vfio/vfio does not exist" : "")}",
            atBoot is not null ? $"modprobe vfio-pci, or reboot: {atBoot} loads it at boot"
            : modules.IsLoadingDisabled.Value ? "the kernel no longer accepts modules (kernel.modules_disabled): echo vfio-pci > /etc/modules-load.d/vfio-pci.conf and reboot"
            : Load,
            [
                new Evidence(module.IsLoaded.Source, "no vfio_pci"),
                container.ToEvidence(),
                .. commands.Select(command => new Evidence(VfioIds.PlaceOf(command), $"{command} (runs instead of loading the module)")),
            ]);
    }
}
